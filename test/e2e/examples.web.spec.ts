/** The flows that come with Weir open and run as they are, in the browser. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './web/fixtures.ts'
import type { StudioPage } from './pages/studio.ts'

const LOG = new URL('../../examples/data/access-a.log', import.meta.url)

/** From the empty canvas. */
async function openExample(studio: StudioPage, name: string): Promise<void> {
  await studio.page
    .getByRole('group', { name: 'Open an example' })
    .getByRole('button', { name, exact: true })
    .click()
  await expect(studio.canvas.nodes.first()).toBeVisible()
}

/** Hits by path, counted without Weir: the seventh field of each line. */
function hitsByPath(): Map<string, number> {
  const hits = new Map<string, number>()
  for (const line of readFileSync(LOG, 'utf8').split('\n')) {
    const path = line.split(' ')[6]
    if (path !== undefined) hits.set(path, (hits.get(path) ?? 0) + 1)
  }
  return hits
}

test('the most requested pages of an access log, with the counts on the edges', async ({ studio }) => {
  const hits = hitsByPath()
  const best = [...hits.values()].sort((a, b) => b - a).slice(0, 5)
  const lines = [...hits.values()].reduce((sum, count) => sum + count, 0)

  await openExample(studio, 'Top pages')
  await studio.runTo('done')
  await expect(studio.dock.note).toHaveText('5 rows')
  const rows = await Promise.all([0, 1, 2, 3, 4].map((row) => studio.dock.cells(row)))
  expect(rows.map(([, count]) => Number(count))).toEqual(best)
  for (const [path = '', count] of rows) expect(hits.get(path), path).toBe(Number(count))
  await studio.canvas.hasCount('log.out->page.in', lines)
  await studio.canvas.hasCount('top.out->out.in', 5)
})

test('the squares run without a question, since their code comes with Weir', async ({ studio }) => {
  await openExample(studio, 'Squares')
  await studio.runTo('done')
  await studio.dock.hasRows([['1'], ['4'], ['9'], ['16']])
})

test('an example that was saved runs from its new place', async ({ studio, files, served }) => {
  const { page } = studio
  await openExample(studio, 'Two logs')
  await expect(studio.documentState).toHaveText('not saved yet')
  await page.keyboard.press('ControlOrMeta+s')
  await files.saveAs('mine')
  await expect(studio.documentState).toContainText('· saved')
  const text = await readFile(join(served.root, 'mine.weir.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ weir: 1, name: 'Two logs' })
  await page.reload()
  await studio.ready()
  await page.keyboard.press('ControlOrMeta+o')
  await files.open('mine.weir.json')
  await studio.runTo('done')
  await studio.canvas.hasCount('both.out->by-status.in', 600)
})
