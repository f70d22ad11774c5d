/** The code editor: bundled, loaded when it is needed, and it knows the records that come in. */
import { chain, openFlow } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

const PEOPLE = chain('People', {
  people: { type: 'list', config: { records: [{ surname: 'Lovelace', born: 1815 }] } },
  keep: { type: 'filter', config: { condition: 'true' } },
  result: { type: 'table' },
})

test('an expression completes the fields of the records that come in', async ({ studio, files, served }) => {
  const { canvas, inspector, page } = studio
  await openFlow({ studio, files, served }, 'people', PEOPLE)
  await canvas.select('keep')
  await inspector.focusEditor('keep.condition')
  // The fields are known when a short trial of what lies upstream has ended.
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('record.sur')
    await expect(inspector.suggestion('surname')).toBeVisible({ timeout: 2000 })
  }).toPass()
  await page.keyboard.press('Enter')
  await expect.poll(() => inspector.code('keep.condition')).toContain('record.surname')
})

test('typing in an expression is one step of undo, and the editor has its own', async ({
  studio,
  files,
  served,
}) => {
  const { canvas, inspector } = studio
  await openFlow({ studio, files, served }, 'people', PEOPLE)
  await canvas.select('keep')
  await inspector.type('keep.condition', 'record.born < 1900')
  await expect.poll(() => inspector.code('keep.condition')).toBe('record.born < 1900')
  await studio.undo()
  await expect.poll(() => inspector.code('keep.condition')).toBe('true')
})

test('the second code field is as good as the first', async ({ studio, files, served }) => {
  const { canvas, inspector, page } = studio
  const flow = chain('Two', {
    people: { type: 'list', config: { records: [{ surname: 'Lovelace', born: 1815 }] } },
    keep: { type: 'filter', config: { condition: 'true' } },
    name: { type: 'map', config: { value: 'record' } },
    result: { type: 'table' },
  })
  await openFlow({ studio, files, served }, 'two', flow)
  for (const field of ['keep.condition', 'name.value']) {
    await canvas.select(field.split('.')[0]!)
    await inspector.focusEditor(field)
    await expect(async () => {
      await page.keyboard.press('Escape')
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type('record.sur')
      await expect(inspector.suggestion('surname')).toBeVisible({ timeout: 2000 })
    }).toPass()
    // A condition that nobody fulfils would leave the next field without records to know.
    await page.keyboard.press('Enter')
    await expect.poll(() => inspector.code(field)).toBe('record.surname')
  }
})

test('the label of a code field leads into the code', async ({ studio, files, served }) => {
  const { canvas, inspector } = studio
  await openFlow({ studio, files, served }, 'people', PEOPLE)
  await canvas.select('keep')
  await expect(inspector.editor('keep.condition')).toBeVisible()
  await inspector.field('keep.condition').getByText('Condition', { exact: true }).click()
  await expect(inspector.editor('keep.condition')).toHaveClass(/focused/)
})

test('a part of a list asks only for what its function needs', async ({ studio }) => {
  const { palette, inspector } = studio
  const group = await palette.doubleClick('group')
  const [fn, field] = [`${group}.aggregates.0.fn`, `${group}.aggregates.0.field`]
  await inspector.choose(fn, 'count')
  await expect(inspector.field(field)).toHaveCount(0)
  await inspector.choose(fn, 'sum')
  await expect(inspector.field(field)).toBeVisible()
})
