/** The studio in its own window: a flow from nothing on a real log, saved, reopened; an engine that is killed. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answerFileDialogs, expect, killProcess, ROOT, test } from './electron-app.ts'
import type { RunningStudio } from './electron-app.ts'
import { StudioPage } from './pages/studio.ts'

/** A web server's log: a real one where the environment names it, else the one of the examples. */
const LOG = process.env['WEIR_ACCESS_LOG'] ?? join(ROOT, 'examples/data/access-a.log')

/** What `awk '{print $7}' | sort | uniq -c | sort -rn | head -5` gives, ties in the order of first sight. */
async function topPages(file: string): Promise<{ lines: number; top: [string, number][] }> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean)
  const counts = new Map<string, number>()
  for (const line of lines) {
    const page = line.split(' ')[6]!
    counts.set(page, (counts.get(page) ?? 0) + 1)
  }
  const top = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 5)
  return { lines: lines.length, top }
}

async function open(running: RunningStudio): Promise<StudioPage> {
  const studio = new StudioPage(running.page)
  await studio.ready()
  return studio
}

test('a flow from nothing counts the pages of an access log, is saved, reopened, and stays the same file', async ({
  launch,
  folder,
}) => {
  const running = await launch()
  const studio = await open(running)
  const { palette, canvas, inspector, dock } = studio

  // By mouse: the source dragged, the next one pulled out of its port.
  const file = await palette.drag('file', { x: 60, y: 120 })
  await inspector.set(`${file}.path`, LOG)
  await inspector.choose(`${file}.format`, 'lines')
  const parse = await palette.drag('parse', { x: 280, y: 220 })
  await inspector.choose(`${parse}.as`, 'access-log')
  await canvas.wire(`${file}.out`, `${parse}.in`)
  // By keyboard: each goes behind the selected one, with a wire.
  await canvas.select(parse)
  const group = await palette.key('group')
  await inspector.area
    .getByLabel('Add to By')
    .or(inspector.field(`${group}.by`).locator('input'))
    .first()
    .fill('path')
  await running.page.keyboard.press('Enter')
  await canvas.select(group)
  const top = await palette.key('top')
  await inspector.set(`${top}.by`, 'count')
  await inspector.set(`${top}.n`, '5')
  await canvas.select(top)
  const table = await palette.key('table')
  await canvas.focus()
  await running.page.keyboard.press('1')
  await expect(canvas.edges).toHaveCount(4)

  await studio.runTo('done')
  const expected = await topPages(LOG)
  await canvas.hasCount(`${file}.out->${parse}.in`, expected.lines)
  await canvas.hasCount(`${top}.out->${table}.in`, 5)
  await dock.hasRows(expected.top.map(([page, count]) => [page, String(count)]))

  const path = join(folder, 'pages.weir.json')
  await answerFileDialogs(running.app, path)
  await canvas.focus()
  await running.page.keyboard.press('ControlOrMeta+s')
  await expect(studio.documentState).toContainText('· saved')
  const saved = await readFile(path, 'utf8')
  expect(JSON.parse(saved)).toMatchObject({ weir: 1, nodes: { [top]: { type: 'top' } } })
  await running.app.close()

  const again = await launch({ args: [path] })
  const reopened = await open(again)
  await expect(reopened.canvas.nodes).toHaveCount(5)
  await expect(reopened.canvas.edges).toHaveCount(4)
  // Moved there and back: a change, and the same flow.
  await reopened.canvas.select(table)
  await again.page.keyboard.press('ArrowRight')
  await expect(reopened.documentState).not.toContainText('saved')
  await again.page.keyboard.press('ArrowLeft')
  await reopened.canvas.focus()
  await again.page.keyboard.press('ControlOrMeta+s')
  await expect(reopened.documentState).toContainText('saved')
  expect(await readFile(path, 'utf8')).toBe(saved)
})

test('code is typed with the brackets that the editor closes, and runs', async ({ launch }) => {
  const studio = await open(await launch())
  const range = await studio.palette.key('range')
  await studio.inspector.set(`${range}.to`, '3')
  await studio.canvas.select(range)
  const map = await studio.palette.key('map')
  await studio.inspector.type(`${map}.value`, '({ n: record, text: `${record}!` })')
  await studio.canvas.select(map)
  await studio.palette.key('table')
  await studio.runTo('done')
  await studio.dock.hasRows([
    ['1', '1!'],
    ['2', '2!'],
    ['3', '3!'],
  ])
})

test('an engine killed in the middle of a run is told, the flow is still there, and the next run works', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'long.weir.json')
  await writeFile(
    path,
    JSON.stringify({
      weir: 1,
      name: 'Long',
      nodes: {
        n: { type: 'range', config: { to: 1e12 } },
        slow: { type: 'throttle', config: { rate: 10 } },
        out: { type: 'table' },
      },
      edges: [
        { from: 'n.out', to: 'slow.in' },
        { from: 'slow.out', to: 'out.in' },
      ],
    }),
  )
  const running = await launch({ args: [path] })
  const studio = await open(running)
  await studio.run()
  await studio.isIn('running')
  await expect.poll(() => studio.canvas.countOn('slow.out->out.in')).toBeGreaterThan(0)

  await killProcess(running, 'weir-engine')
  await expect(studio.banner).toContainText('engine')
  await expect(studio.canvas.nodes).toHaveCount(3)
  await expect(studio.runButton).toBeEnabled()

  await studio.run()
  await studio.isIn('running')
  await expect.poll(() => studio.canvas.countOn('slow.out->out.in')).toBeGreaterThan(0)
  await studio.stop()
  await studio.isIn('stopped')
})
