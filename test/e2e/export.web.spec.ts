/** What leaves the studio: the graph as JSON, by file and by clipboard, and its picture. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { openFlow, squares } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

/** Chooses in the Export menu and gives back what was downloaded. */
async function exported(page: Page, label: RegExp): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: label }).click()
  return readFile(await (await download).path())
}

test('the graph is exported and copied as the JSON that a save writes', async ({
  studio,
  files,
  served,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  // A save puts the file in Weir's order.
  await studio.canvas.move('square', { x: 0, y: 96 })
  await page.keyboard.press('ControlOrMeta+s')
  await expect(studio.documentState).toContainText('· saved')
  const saved = await readFile(join(served.root, 'squares.weir.json'), 'utf8')
  expect((await exported(page, /Export graph/)).toString()).toBe(saved)

  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /Copy graph/ }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(saved)
})

test('the picture is a PNG of the whole graph, also of what is out of sight', async ({
  studio,
  files,
  served,
}) => {
  const { page, canvas } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  await canvas.focus()
  const whole = await exported(page, /picture as PNG/)
  expect(whole.subarray(1, 4).toString()).toBe('PNG')
  const [width, height] = [whole.readUInt32BE(16), whole.readUInt32BE(20)]
  expect(width).toBeGreaterThan(600)
  expect(height).toBeGreaterThan(80)
  // Zoomed in until nodes are outside the window: the picture stays the same size.
  await page.keyboard.press('0')
  for (let step = 0; step < 4; step++) await page.keyboard.press('+')
  const again = await exported(page, /picture as PNG/)
  expect([again.readUInt32BE(16), again.readUInt32BE(20)]).toEqual([width, height])
})
