/** What goes wrong, and how the studio says it: problems, failed runs, code from elsewhere, files that are dropped. */
import { chain, openFlow, squares } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

test('a problem leads to its node and field', async ({ studio, files, served }) => {
  const flow = chain('Mistake', {
    numbers: { type: 'range', config: { from: 1, to: 4 } },
    square: { type: 'map', config: { value: 'record *' } },
    result: { type: 'table' },
  })
  const { dock, inspector, canvas, page } = studio
  await openFlow({ studio, files, served }, 'mistake', flow)
  await expect(dock.tab('Problems')).toHaveAccessibleName(/1 error/)
  await expect(canvas.node('square').locator('[data-tone="error"]')).toBeVisible()
  await dock.follow('square.value')
  await expect(inspector.editor('square.value')).toHaveClass(/focused/)
  // The jump leaves the list open, for the next problem.
  await expect(dock.tab('Problems')).toHaveAttribute('aria-selected', 'true')

  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('record * record')
  await expect(dock.problems).toHaveCount(0)
  await studio.runTo('done')
  await dock.hasRows([['1'], ['4'], ['9'], ['16']])
})

test('a flow with problems does not start and shows them', async ({ studio }) => {
  const { palette, dock } = studio
  await palette.doubleClick('file')
  await palette.doubleClick('table')
  await studio.run()
  await expect(dock.tab('Problems')).toHaveAttribute('aria-selected', 'true')
  await expect(dock.problems.first()).toBeVisible()
  await expect(studio.runState).toHaveCount(0)
})

test('a failed run says which record failed where, and leads there', async ({ studio, files, served }) => {
  const flow = chain('Fails', {
    words: { type: 'list', config: { records: [{ user: { id: 7 } }, {}] } },
    parse: { type: 'parse', config: { as: 'json' } },
    result: { type: 'table' },
  })
  const { dock, canvas } = studio
  await openFlow({ studio, files, served }, 'fails', flow)
  await studio.runTo('failed')
  await expect(studio.banner).toContainText('parse')
  await expect(canvas.node('parse')).toHaveAttribute('data-state', 'failed')
  await expect(dock.tab('Problems')).toHaveAccessibleName(/1 error/)
  await studio.banner.getByRole('button', { name: 'Go to node' }).click()
  await expect(studio.inspector.area).toContainText('parse')
  await studio.banner.getByRole('button', { name: 'Put away' }).click()
  await expect(studio.banner).toHaveCount(0)
})

test('code that never comes back is named on the canvas, until somebody has seen it in the log', async ({
  studio,
  files,
  served,
}) => {
  const { page, dock, canvas } = studio
  const stuck = chain('Stuck', {
    numbers: { type: 'range', config: { from: 1, to: 4 } },
    stuck: { type: 'map', config: { value: '(() => { for (;;) {} })()' } },
    result: { type: 'discard' },
  })
  await openFlow({ studio, files, served }, 'stuck', stuck)
  await studio.run()
  await page.getByRole('button', { name: 'Run it' }).click()
  await studio.isIn('running')
  await expect(canvas.node('stuck')).toHaveAttribute('data-state', 'running')
  await studio.stop()
  await studio.isIn('stopped')

  const warning = page.getByRole('status').filter({ hasText: 'Node “stuck” had not come back from its code' })
  await expect(warning).toBeVisible()
  await expect(dock.tab('Log')).toHaveAccessibleName('Log, 1 not seen yet')
  await warning.getByRole('button').click()
  await expect(dock.log).toContainText('stopped by force')
  await expect(warning).toHaveCount(0)
  await expect(dock.tab('Log')).toHaveAccessibleName('Log')
})

test('code from a file is shown and asked about before its first run, and only then', async ({
  studio,
  files,
  served,
}) => {
  const { page, dock } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  await studio.run()
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await expect(question).toContainText('record ** 2')
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(studio.runState).toHaveCount(0)

  await studio.run()
  await question.getByRole('button', { name: 'Run it' }).click()
  await studio.isIn('done')
  await dock.hasRows([['1'], ['4'], ['9'], ['16']])
  await studio.run()
  await expect(question).toHaveCount(0)
  await studio.isIn('done')
})

test('a dropped data file becomes a source that is set up', async ({ studio, page }) => {
  const { canvas, dock, palette } = studio
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(
      new File(['city,people\nBonn,331885\nUlm,126949\n'], 'cities.csv', { type: 'text/csv' }),
    )
    return transfer
  })
  const at = await canvas.at({ x: 200, y: 160 })
  const drop = { dataTransfer: data, clientX: at.x, clientY: at.y }
  const target = canvas.area.getByRole('application', { name: /^Flow/ })
  await target.dispatchEvent('dragover', drop)
  await target.dispatchEvent('drop', drop)
  await expect(canvas.node('cities')).toBeVisible()
  await expect(studio.toast).toContainText('city')

  await canvas.select('cities')
  await palette.doubleClick('table')
  await studio.runTo('done')
  await expect(dock.row(1)).toContainText('Ulm')
  expect(await dock.columns()).toEqual(['city', 'people'])
})

test('an engine that is gone is said, the flow is kept', async ({ studio, served, watch }) => {
  watch.allow(/ERR_CONNECTION_REFUSED|WebSocket/)
  const { palette, canvas } = studio
  await palette.doubleClick('range')
  await served.close()
  await expect(studio.banner).toContainText('Your flow is safe')
  await expect(canvas.nodes).toHaveCount(1)
  await expect(studio.runButton).toBeDisabled()
})
