/** A run moves numbers, not React: edges are not rendered for a count, and the document stays as it was. */
import { chain, openFlow } from './web/flows.ts'
import { expect, test as base } from './web/fixtures.ts'
import { edgeRenders, watchEdgeRenders } from './web/edge-renders.ts'

const test = base.extend({
  page: async ({ page }, use) => {
    await watchEdgeRenders(page)
    await use(page)
  },
})

const FLOW = chain('Steady', {
  numbers: { type: 'range', config: { from: 1, to: 1_000_000_000 } },
  slow: { type: 'throttle', config: { rate: 500 } },
  result: { type: 'discard' },
})

test('no edge is rendered while its count climbs, and the flow stays saved', async ({
  studio,
  files,
  served,
  page,
}) => {
  const { canvas } = studio
  await openFlow({ studio, files, served }, 'steady', FLOW)
  await expect(canvas.edges).toHaveCount(2)
  expect((await edgeRenders(page)).edges, 'the counter sees edges being rendered').toBeGreaterThan(0)

  await studio.run()
  const edge = 'slow.out->result.in'
  await expect.poll(() => canvas.countOn(edge)).toBeGreaterThan(100)
  const before = await edgeRenders(page)
  const from = await canvas.countOn(edge)
  const seen = new Set<number>()
  await expect
    .poll(async () => {
      const count = await canvas.countOn(edge)
      seen.add(count)
      return count
    })
    .toBeGreaterThan(from + 1500)
  expect(seen.size, 'the count was seen to climb').toBeGreaterThan(2)
  expect((await edgeRenders(page)).edges).toBe(before.edges)

  await studio.stop()
  await studio.isIn('stopped')
  await expect(studio.documentState).toContainText('· saved')
})
