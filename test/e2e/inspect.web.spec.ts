/** Looking at records: edges, tables, the log. */
import { chain, openFlow, rangeTo } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

const PEOPLE = chain('People', {
  people: {
    type: 'list',
    config: {
      records: [
        { name: 'Ada', born: 1815, languages: ['en', 'fr'] },
        { name: 'Grace', born: 1906, languages: ['en'] },
        { name: 'Emmy', born: null, languages: [] },
      ],
    },
  },
  first: { type: 'take', config: { n: 2 } },
  result: { type: 'table' },
})

test('a click on an edge shows its records as a table and as JSON', async ({ studio, files, served }) => {
  const { canvas, dock, page } = studio
  await openFlow({ studio, files, served }, 'people', PEOPLE)
  await studio.runTo('done')
  await dock.hasRows([
    ['Ada', '1815', '["en","fr"]'],
    ['Grace', '1906', '["en"]'],
  ])

  await canvas.clickEdge('people.out->first.in')
  await expect(dock.tab('Records')).toContainText('people → first')
  await dock.hasRows([
    ['Ada', '1815', '["en","fr"]'],
    ['Grace', '1906', '["en"]'],
    ['Emmy', 'null', '[]'],
  ])
  expect(await dock.columns()).toEqual(['name', 'born', 'languages'])
  await expect(dock.note).toHaveText('3 records')

  await dock.row(0).click()
  expect(await dock.record()).toEqual({ name: 'Ada', born: 1815, languages: ['en', 'fr'] })
  await page.keyboard.press('End')
  await expect(dock.json).toContainText('Emmy')
  await dock.json.getByRole('button', { name: 'Fold' }).first().click()
  await expect(dock.json).toContainText('3 fields')
})

test('selected records are copied as JSON and as CSV', async ({ studio, files, served, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { dock, page } = studio
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await openFlow({ studio, files, served }, 'people', PEOPLE)
  await studio.runTo('done')
  await dock.row(0).click()
  await page.keyboard.press('Shift+ArrowDown')
  await expect(dock.grid.locator('[role="row"][aria-selected="true"]')).toHaveCount(2)

  await page.keyboard.press('ControlOrMeta+c')
  await expect(studio.toast).toContainText('2 records copied as JSON')
  expect(JSON.parse(await clipboard())).toEqual([
    { name: 'Ada', born: 1815, languages: ['en', 'fr'] },
    { name: 'Grace', born: 1906, languages: ['en'] },
  ])
  await dock.area.getByRole('button', { name: 'Copy the selected records as CSV' }).click()
  await expect(studio.toast).toContainText('2 records copied as CSV')
  expect(await clipboard()).toBe(
    'name,born,languages\r\nAda,1815,"[""en"",""fr""]"\r\nGrace,1906,"[""en""]"\r\n',
  )
})

test('a table of a hundred thousand rows is read at its end and in its middle', async ({
  studio,
  files,
  served,
}) => {
  const { dock, page } = studio
  await openFlow({ studio, files, served }, 'many', rangeTo(100_000))
  await studio.runTo('done')
  await expect(dock.note).toHaveText('100\u202f000 rows')
  expect(await dock.cells(0)).toEqual(['1'])

  await dock.row(0).click()
  await page.keyboard.press('End')
  await expect(dock.row(99_999)).toHaveAttribute('aria-selected', 'true')
  await expect.poll(() => dock.cells(99_999)).toEqual(['100000'])
  await expect(dock.json).toContainText('100000')

  await dock.grid.evaluate((grid) => grid.scrollTo({ top: 26 * 50_000 }))
  await expect.poll(() => dock.cells(50_001)).toEqual(['50002'])
  await dock.scroll(-26 * 20)
  await expect.poll(() => dock.cells(49_990)).toEqual(['49991'])
  // Only what is on the screen is in the page.
  expect(await dock.grid.getByRole('row').count()).toBeLessThan(60)
})

test('a table that keeps less than came says so', async ({ studio, files, served }) => {
  const flow = chain('Kept', {
    numbers: { type: 'range', config: { from: 1, to: 5000 } },
    result: { type: 'table', config: { limit: 100, last: 10 } },
  })
  const { dock, page } = studio
  await openFlow({ studio, files, served }, 'kept', flow)
  await studio.runTo('done')
  await expect(dock.note).toHaveText('first 100 and last 10 of 5\u202f000 rows kept')
  await dock.row(0).click()
  await page.keyboard.press('End')
  await expect(dock.row(109)).toContainText('5\u202f000')
})

test('the dock follows a run while it goes on, and rests when it is paused', async ({
  studio,
  files,
  served,
}) => {
  const flow = chain('Slow', {
    numbers: { type: 'range', config: { from: 1, to: 1_000_000_000 } },
    slow: { type: 'throttle', config: { rate: 200 } },
    result: { type: 'discard' },
  })
  const { canvas, dock } = studio
  await openFlow({ studio, files, served }, 'slow', flow)
  await studio.run()
  await canvas.clickEdge('slow.out->result.in')
  await expect(dock.note).toHaveText(/^last 200 of/)
  const note = (await dock.note.textContent()) ?? ''
  await expect(dock.note).not.toHaveText(note)

  await dock.area.getByRole('button', { name: 'Pause' }).click()
  await expect(dock.area.getByRole('button', { name: 'Follow' })).toHaveAttribute('aria-pressed', 'true')
  const paused = (await dock.note.textContent()) ?? ''
  const before = await canvas.countOn('slow.out->result.in')
  await expect.poll(() => canvas.countOn('slow.out->result.in')).toBeGreaterThan(before + 100)
  await expect(dock.note).toHaveText(paused)
  await studio.stop()
  await studio.isIn('stopped')
})

test('records that were refused show their reason first', async ({ studio, files, served }) => {
  const flow = {
    weir: 1,
    name: 'Refused',
    nodes: {
      lines: { type: 'list', config: { records: ['{"a":1}', 'no JSON', '{"a":2}'] } },
      parse: { type: 'parse', config: { as: 'json' } },
      good: { type: 'discard' },
      bad: { type: 'table' },
    },
    edges: [
      { from: 'lines.out', to: 'parse.in' },
      { from: 'parse.out', to: 'good.in' },
      { from: 'parse.error', to: 'bad.in' },
    ],
    layout: { lines: [0, 0], parse: [240, 0], good: [480, 0], bad: [480, 128] },
  }
  const { dock, canvas } = studio
  await openFlow({ studio, files, served }, 'refused', flow)
  await studio.runTo('done')
  await canvas.clickEdge('parse.error->bad.in')
  await expect(dock.row(0)).toContainText('no JSON')
  expect((await dock.columns()).slice(0, 3)).toEqual(['reason', 'node', 'number'])
  expect((await dock.cells(0)).slice(1, 3)).toEqual(['parse', '2'])
})

test('what a print node prints stands in the log', async ({ studio, files, served }) => {
  const flow = chain('Printed', {
    words: { type: 'list', config: { records: ['alpha', 'beta'] } },
    out: { type: 'print' },
  })
  const { dock } = studio
  await openFlow({ studio, files, served }, 'printed', flow)
  await studio.runTo('done')
  await dock.tab('Log').click()
  await expect(dock.log).toContainText('alpha')
  await expect(dock.log).toContainText('beta')
  await dock.area.getByRole('button', { name: 'Clear' }).click()
  await expect(dock.area).toContainText('The log is empty')
})
