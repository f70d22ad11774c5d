/** Changing a flow: undo and redo of everything a save writes, copies, and the look of the window. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFlow, squares } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

test('everything a save writes is undone and done again, step by step', async ({ studio, served, files }) => {
  const { page, palette, canvas, inspector } = studio
  const place = join(served.root, 'steps.weir.json')
  const texts: string[] = []
  const saved = async () => {
    await page.keyboard.press('ControlOrMeta+s')
    await expect(studio.documentState).toContainText('· saved')
    return readFile(place, 'utf8')
  }

  const range = await palette.drag('range', { x: 120, y: 120 })
  await page.keyboard.press('ControlOrMeta+s')
  await files.saveAs('steps')
  texts.push(await saved())

  const steps: (() => Promise<unknown>)[] = [
    () => palette.drag('table', { x: 520, y: 120 }),
    () => canvas.wire(`${range}.out`, 'table.in'),
    async () => {
      await canvas.select(range)
      await inspector.set(`${range}.to`, '7')
    },
    () => canvas.move(range, { x: 48, y: 96 }),
    async () => {
      const name = page.getByRole('textbox', { name: 'Name of the flow' })
      await name.fill('Seven')
      await name.press('Enter')
    },
    async () => {
      await canvas.select('table')
      await canvas.focus()
      await page.keyboard.press('Delete')
      await expect(canvas.nodes).toHaveCount(1)
    },
  ]
  for (const step of steps) {
    await step()
    const text = await saved()
    expect(text, 'each step changes what is saved').not.toBe(texts.at(-1))
    texts.push(text)
  }
  for (const text of texts.toReversed().slice(1)) {
    await studio.undo()
    expect(await saved()).toBe(text)
  }
  for (const text of texts.slice(1)) {
    await studio.redo()
    expect(await saved()).toBe(text)
  }
})

test('nodes are copied as JSON by the clipboard and pasted with their wires', async ({ studio, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page, palette, canvas } = studio
  const range = await palette.doubleClick('range')
  const map = await palette.doubleClick('map')
  await canvas.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+c')
  const copied: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
  expect(copied).toMatchObject({ nodes: { [range]: { type: 'range' }, [map]: { type: 'map' } } })

  await page.keyboard.press('ControlOrMeta+v')
  await expect(canvas.nodes).toHaveCount(4)
  await expect(canvas.edge(`${range}2.out->${map}2.in`)).toBeAttached()
  await studio.undo()
  await expect(canvas.nodes).toHaveCount(2)
  await expect(canvas.edges).toHaveCount(1)
})

test('a deleted node in a chain leaves its wire behind', async ({ studio, files, served }) => {
  const { page, canvas } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  await canvas.select('square')
  await canvas.focus()
  await page.keyboard.press('Delete')
  await expect(canvas.edge('numbers.out->result.in')).toBeAttached()
  await studio.undo()
  await expect(canvas.edge('numbers.out->square.in')).toBeAttached()
  await expect(canvas.edge('square.out->result.in')).toBeAttached()
})

test('a saved flow opens as the same file', async ({ studio, files, served }) => {
  const { page, canvas } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  await expect(canvas.nodes).toHaveCount(3)
  // The first save puts it in order; from then on nothing changes.
  await canvas.move('square', { x: 0, y: 96 })
  await page.keyboard.press('ControlOrMeta+s')
  await expect(studio.documentState).toContainText('· saved')
  const place = join(served.root, 'squares.weir.json')
  const first = await readFile(place, 'utf8')

  await page.keyboard.press('ControlOrMeta+o')
  await files.open('squares.weir.json')
  await expect(studio.documentState).toContainText('· saved')
  await page.keyboard.press('ControlOrMeta+s')
  await expect(studio.documentState).toContainText('· saved')
  expect(await readFile(place, 'utf8')).toBe(first)
})

test('a file that somebody else has changed is not written over without a question', async ({
  studio,
  files,
  served,
}) => {
  const { page, canvas } = studio
  await openFlow({ studio, files, served }, 'squares', squares)
  const place = join(served.root, 'squares.weir.json')
  const theirs = JSON.stringify({ ...squares, name: 'Theirs' })
  await writeFile(place, theirs)
  await canvas.move('square', { x: 0, y: 96 })
  await page.keyboard.press('ControlOrMeta+s')
  await expect(page.getByRole('alertdialog').or(page.getByRole('dialog'))).toContainText('changed')
  expect(await readFile(place, 'utf8')).toBe(theirs)
})

test('light, dark and high contrast are three looks of one window', async ({ studio }) => {
  const looks = new Set<string>()
  for (const theme of ['light', 'dark', 'high contrast'] as const) {
    await studio.theme(theme)
    await expect(studio.page.locator('html')).toHaveAttribute(
      'data-theme',
      new RegExp(theme.split(' ').at(-1)!),
    )
    looks.add(await studio.background())
  }
  expect(looks.size).toBe(3)
})
