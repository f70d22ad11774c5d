/** Laws of whole runs, on random flows: nothing is lost, order holds, queues stay bounded, a stop leaves nothing behind. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeId } from '../engine/flow/model.ts'
import type { Flow, FlowEdge } from '../engine/flow/model.ts'
import { nodeTypes } from '../engine/nodes/index.ts'
import type { Run } from '../engine/runtime/run.ts'
import { LOOKS, type Looks } from '../engine/runtime/looks.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun } from './engine/run-flow.ts'
import { buildFlow, drawnFlow, PROCESSORS } from './random-flow.ts'

/** Every record that went over a wire was read or dropped and counted; every exact node's sum holds. */
function checkConservation(run: Run, flow: Flow, exact: ReadonlySet<string>, finished: boolean): void {
  for (const id of Object.keys(flow.nodes)) {
    const into = flow.edges
      .filter((edge) => edge.to === `${id}.in`)
      .map((edge) => edgeMetersOf(run, edgeId(edge)))
    const came = into.reduce((sum, edge) => sum + edge.get('records'), 0)
    // A receiver that left before the send has them counted as dropped on an edge they never passed.
    const lost = into.reduce((sum, edge) => sum + edge.get('dropped'), 0)
    const meters = metersOf(run, id)
    if (into.length > 0) {
      expect(meters.get('in'), `in of ${id}`).toBeLessThanOrEqual(came)
      expect(meters.get('in') + lost, `read or dropped before ${id}`).toBeGreaterThanOrEqual(came)
    }
    if (exact.has(id) && finished) {
      const sum = meters.get('out') + meters.get('errors') + meters.get('dropped')
      expect(meters.get('in'), `in = out + errors + dropped of ${id}`).toBe(sum)
    }
    for (const edge of into) expect(edge.get('queuedRecords'), `left in the queue before ${id}`).toBe(0)
  }
}

function oneTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1)
}

/** What a processor of the list does to numbers, without an engine. */
function plainly(records: number[], kind: number): number[] {
  const { type } = PROCESSORS[kind]!
  if (type === 'map') return records.map((record) => record + 1)
  if (type === 'filter') return records.filter((record) => record % 3 !== 0)
  return type === 'script' ? records.map((record) => record * 2) : records
}

/** Nodes alone for as long as a short run takes, or in one loop from the second batch on. */
const FUSED: Looks = { first: { batches: 1, records: 0, ms: 0 }, everyMs: 1 }

describe.each([
  ['nodes one by one', LOOKS],
  ['nodes in one loop', FUSED],
])('random flows, %s,', (_, looks) => {
  it('end by themselves with every record accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlow, async (shape) => {
        const { flow, exact } = buildFlow(shape)
        const run = startTestRun(flow, nodeTypes, { looks })
        const outcome = await run.ended
        expect(outcome, JSON.stringify(outcome)).toEqual({ phase: 'done' })
        checkConservation(run, flow, exact, true)
      }),
      { numRuns: 60 },
    )
  })

  it('never hold more in a channel than its capacity', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlow, async (shape) => {
        const { flow } = buildFlow(shape)
        const run = startTestRun(flow, nodeTypes, { looks })
        let over = ''
        const watch = setInterval(() => {
          for (const edge of run.plan.edges) {
            const queued = edgeMetersOf(run, edge.id).get('queuedRecords')
            if (queued > edge.capacity.records) over = `${edge.id}: ${queued} of ${edge.capacity.records}`
          }
        }, 0)
        await run.ended
        clearInterval(watch)
        expect(over).toBe('')
      }),
      { numRuns: 20 },
    )
  })

  it('settle when stopped at any moment, with nothing left in a queue', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlow, fc.nat({ max: 12 }), async (shape, turns) => {
        const { flow, exact } = buildFlow({ ...shape, records: 1e9 })
        const bounded = Object.values(flow.nodes).every((node) => node.type !== 'sort')
        fc.pre(bounded)
        const run = startTestRun(flow, nodeTypes, { looks })
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
        run.stop()
        const { phase } = await run.ended
        expect(['stopped', 'done']).toContain(phase)
        checkConservation(run, flow, exact, false)
      }),
      { numRuns: 40 },
    )
  })

  it('keep the order of a chain', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 2, 3, 5), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 3000 }),
        async (kinds, capacity) => {
          const nodes: Record<string, [string, Record<string, unknown>?]> = {
            n0: ['range', { to: 4000 }],
            out: ['table'],
          }
          const edges: FlowEdge[] = []
          let last = 'n0.out'
          kinds.forEach((kind, index) => {
            const { type, config, port } = PROCESSORS[kind]!
            nodes[`n${index + 1}`] = [type, config]
            edges.push({
              from: last,
              to: `n${index + 1}.in`,
              ...(index % 2 && { capacity: { records: capacity } }),
            })
            last = `n${index + 1}.${port}`
          })
          edges.push({ from: last, to: 'out.in' })
          const run = startTestRun(flowOf(nodes, edges), nodeTypes, { looks })
          await run.ended
          expect(run.rows('out')!.slice(0, 10_000)).toEqual(kinds.reduce(plainly, oneTo(4000)))
        },
      ),
      { numRuns: 30 },
    )
  })
})
