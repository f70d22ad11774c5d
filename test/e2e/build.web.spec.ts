/** A flow from nothing: by mouse, by keyboard, run and read. */
import { expect, test } from './web/fixtures.ts'

test('a flow is built by mouse, run, and its result read', async ({ studio }) => {
  const { palette, canvas, inspector, dock } = studio
  const range = await palette.drag('range', { x: 120, y: 120 })
  await inspector.set(`${range}.to`, '4')
  const map = await palette.drag('map', { x: 380, y: 220 })
  await inspector.type(`${map}.value`, 'record * record')
  const table = await palette.drag('table', { x: 620, y: 120 })
  await expect(canvas.edges).toHaveCount(0)

  await canvas.wire(`${range}.out`, `${map}.in`)
  await canvas.wire(`${map}.out`, `${table}.in`)
  await expect(canvas.edges).toHaveCount(2)

  await studio.runTo('done')
  await dock.hasRows([['1'], ['4'], ['9'], ['16']])
  expect(await dock.columns()).toEqual(['value'])
  await canvas.hasCount(`${range}.out->${map}.in`, 4)
  await canvas.hasCount(`${map}.out->${table}.in`, 4)
  for (const node of [range, map, table])
    await expect(canvas.node(node)).toHaveAttribute('data-state', 'done')
})

test('a flow is built and run with the keyboard alone', async ({ studio }) => {
  const { page, palette, canvas, dock } = studio
  // Each new node is selected, and the next one goes behind it with a wire.
  const range = await palette.key('range')
  const take = await palette.key('take')
  const table = await palette.key('table')
  await expect(canvas.edge(`${range}.out->${take}.in`)).toBeAttached()
  await expect(canvas.edge(`${take}.out->${table}.in`)).toBeAttached()

  await page.keyboard.press('ControlOrMeta+Enter')
  await studio.isIn('done')
  await expect(dock.row(0)).toContainText('1')
})

test('a double-click in the palette puts the node behind the selected one', async ({ studio }) => {
  const { palette, canvas } = studio
  const range = await palette.doubleClick('range')
  const map = await palette.doubleClick('map')
  await expect(canvas.edge(`${range}.out->${map}.in`)).toBeAttached()
  await expect(canvas.edges).toHaveCount(1)
})

test('a refused wire says why and what to do', async ({ studio }) => {
  const { palette, canvas } = studio
  const first = await palette.drag('range', { x: 120, y: 120 })
  const other = await palette.drag('list', { x: 420, y: 260 })
  await canvas.wireToNode(`${first}.out`, other)
  await expect(studio.toast).toContainText('has no input')
  await expect(studio.toast).toContainText('Pull the wire to')
  await expect(canvas.edges).toHaveCount(0)
})

test('a wire that would close a circle is refused', async ({ studio }) => {
  const { palette, canvas } = studio
  const range = await palette.doubleClick('range')
  const merge = await palette.doubleClick('merge')
  const map = await palette.doubleClick('map')
  await expect(canvas.edge(`${range}.out->${merge}.in`)).toBeAttached()
  await canvas.wireToNode(`${map}.out`, merge)
  await expect(studio.toast).toContainText('circle')
  await expect(canvas.edges).toHaveCount(2)
})

test('a wire dropped on the canvas asks for the next node and is tied to it', async ({ studio }) => {
  const { palette, canvas } = studio
  const range = await palette.drag('range', { x: 120, y: 120 })
  await canvas.pull(`${range}.out`, await canvas.at({ x: 420, y: 240 }))
  await expect(palette.picker).toBeVisible()
  const map = await palette.pick('map')
  await expect(canvas.edge(`${range}.out->${map}.in`)).toBeAttached()
  // Node and wire are one step.
  await studio.undo()
  await expect(canvas.nodes).toHaveCount(1)
  await expect(canvas.edges).toHaveCount(0)
})

test('Escape drops the wire in hand, wherever it is', async ({ studio }) => {
  const { page, palette, canvas } = studio
  await palette.drag('range', { x: 60, y: 120 })
  await palette.drag('table', { x: 420, y: 120 })
  await canvas.holdWire('range.out', 'table.in')
  await page.keyboard.press('Escape')
  await expect(canvas.wireInHand).toHaveCount(0)
  await canvas.letGo()
  await canvas.takeWire('range.out', await canvas.at({ x: 300, y: 320 }))
  await expect(canvas.wireInHand).toBeAttached()
  await page.keyboard.press('Escape')
  await canvas.letGo()
  await expect(palette.picker).toBeHidden()
  await expect(canvas.edges).toHaveCount(0)
  // The next wire is none the worse for it.
  await canvas.wire('range.out', 'table.in')
  await expect(canvas.edges).toHaveCount(1)
})

test('a flow that is shown whole stays whole when the window shrinks, until somebody moves it', async ({
  studio,
}) => {
  const { page, canvas } = studio
  await page.getByRole('button', { name: 'Two logs', exact: true }).click()
  for (const size of [
    { width: 960, height: 600 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size)
    for (const id of ['log-a', 'both', 'by-status', 'out']) {
      await expect.poll(() => canvas.isInSight(id), { message: `${id} at ${size.width} px` }).toBe(true)
    }
  }
})

test('a run without end is stopped, and its count stands still', async ({ studio }) => {
  const { palette, canvas, inspector } = studio
  const range = await palette.doubleClick('range')
  await inspector.set(`${range}.to`, '1000000000')
  const discard = await palette.doubleClick('discard')
  const edge = `${range}.out->${discard}.in`
  await studio.run()
  await studio.isIn('running')
  await expect.poll(() => canvas.countOn(edge), { message: 'records go over the edge' }).toBeGreaterThan(0)
  await expect(canvas.node(range)).toHaveAttribute('data-state', /running|blocked|waiting/)
  await studio.stop()
  await studio.isIn('stopped')
  await expect(studio.runButton).toBeEnabled()
  await expect(canvas.node(range)).toHaveAttribute('data-state', 'stopped')
})
