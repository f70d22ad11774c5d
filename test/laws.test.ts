/** Laws of whole runs, on random flows: nothing is lost, order holds, queues stay bounded, a stop leaves nothing behind. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeId } from '../engine/flow/model.ts'
import type { Flow, FlowEdge } from '../engine/flow/model.ts'
import { nodeTypes } from '../engine/nodes/index.ts'
import type { Run } from '../engine/runtime/run.ts'
import { createRegistry } from '../engine/spec/registry.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun } from './engine/run-flow.ts'

const registry = createRegistry(nodeTypes)

/** What a random processor may be, with the output that goes on. `exact` ones keep in = out + errors + dropped. */
const PROCESSORS: { type: string; config: Record<string, unknown>; port: string; exact: boolean }[] = [
  { type: 'map', config: { value: 'record + 1' }, port: 'out', exact: true },
  { type: 'map', config: { value: 'record % 11 === 0 ? missing : record' }, port: 'out', exact: true },
  { type: 'filter', config: { condition: 'record % 3 !== 0' }, port: 'kept', exact: true },
  { type: 'script', config: { body: 'return record * 2' }, port: 'out', exact: true },
  { type: 'take', config: { n: 700 }, port: 'out', exact: true },
  { type: 'merge', config: {}, port: 'out', exact: true },
  { type: 'flat-map', config: { list: '[record, record]' }, port: 'out', exact: false },
  { type: 'sort', config: {}, port: 'out', exact: false },
]

/** Growth of records over a whole random flow. */
const MOST = 8

interface Drawn {
  records: number
  capacities: (number | undefined)[]
  nodes: { kind: number; from: number[] }[]
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  records: fc.integer({ min: 0, max: 6000 }),
  capacities: fc.array(fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined }), {
    minLength: 1,
    maxLength: 8,
  }),
  nodes: fc.array(
    fc.record({
      kind: fc.nat({ max: PROCESSORS.length - 1 }),
      from: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 30 },
  ),
})

/** Each node reads from earlier ones, so there is no cycle; what nobody reads ends in `discard`, errors too. */
function build({ records, capacities, nodes }: Drawn): { flow: Flow; exact: Set<string> } {
  const all: Record<string, [string, Record<string, unknown>?]> = {
    n0: ['range', { to: records }],
    bin: ['discard'],
  }
  const outputs = ['n0.out']
  const edges: FlowEdge[] = []
  const exact = new Set<string>()
  const used = new Set<string>()
  /** How many records each output makes of one record of the source: wires that would multiply beyond this are left out. */
  const weights = [1]
  const wire = (from: string, to: string) => {
    if (edges.some((edge) => edge.from === from && edge.to === to)) return
    const capacity = capacities[edges.length % capacities.length]
    edges.push({ from, to, ...(capacity !== undefined && { capacity: { records: capacity } }) })
    used.add(from)
  }
  nodes.forEach(({ kind, from }, index) => {
    const { type, config, port, exact: conserves } = PROCESSORS[kind]!
    const id = `n${index + 1}`
    all[id] = [type, config]
    if (conserves) exact.add(id)
    let weight = 0
    for (const source of from) {
      const at = source % outputs.length
      if (weight > 0 && weight + weights[at]! > MOST) continue
      wire(outputs[at]!, `${id}.in`)
      weight += weights[at]!
    }
    weights.push(type === 'flat-map' ? weight * 2 : weight)
    outputs.push(`${id}.${port}`)
    if (registry.get(type)!.ports.out['error']) wire(`${id}.error`, 'bin.in')
  })
  for (const output of outputs) if (!used.has(output)) wire(output, 'bin.in')
  return { flow: flowOf(all, edges), exact }
}

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

describe('random flows', () => {
  it('end by themselves with every record accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const { flow, exact } = build(shape)
        const run = startTestRun(flow, nodeTypes)
        const outcome = await run.ended
        expect(outcome, JSON.stringify(outcome)).toEqual({ phase: 'done' })
        checkConservation(run, flow, exact, true)
      }),
      { numRuns: 100 },
    )
  })

  it('never hold more in a channel than its capacity', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const { flow } = build(shape)
        const run = startTestRun(flow, nodeTypes)
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
      fc.asyncProperty(drawn, fc.nat({ max: 12 }), async (shape, turns) => {
        const { flow, exact } = build({ ...shape, records: 1e9 })
        const bounded = Object.values(flow.nodes).every((node) => node.type !== 'sort')
        fc.pre(bounded)
        const run = startTestRun(flow, nodeTypes)
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
          const run = startTestRun(flowOf(nodes, edges), nodeTypes)
          await run.ended
          expect(run.rows('out')!.slice(0, 10_000)).toEqual(kinds.reduce(plainly, oneTo(4000)))
        },
      ),
      { numRuns: 30 },
    )
  })
})
