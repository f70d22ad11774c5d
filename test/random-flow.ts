/** Random flows for tests of whole runs: any number of processors behind a range, wired in any way without a circle. */
import fc from 'fast-check'
import type { Flow, FlowEdge } from '../engine/flow/model.ts'
import { nodeTypes } from '../engine/nodes/index.ts'
import { createRegistry } from '../engine/spec/registry.ts'
import { flowOf } from './engine/run-flow.ts'

const registry = createRegistry(nodeTypes)

/** What a random processor may be, with the output that goes on. `exact` ones keep in = out + errors + dropped. */
export const PROCESSORS: { type: string; config: Record<string, unknown>; port: string; exact: boolean }[] = [
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

export interface DrawnFlow {
  records: number
  capacities: (number | undefined)[]
  nodes: { kind: number; from: number[] }[]
}

export const drawnFlow: fc.Arbitrary<DrawnFlow> = fc.record({
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

export interface BuildOptions {
  allowed?: (processor: (typeof PROCESSORS)[number]) => boolean
  /** What nobody reads is counted by groups, so that several workers may share the flow. */
  counted?: boolean
}

/** Each node reads from earlier ones, so there is no cycle; what nobody reads ends in `discard`, errors too. */
export function buildFlow(
  { records, capacities, nodes }: DrawnFlow,
  { allowed = () => true, counted = false }: BuildOptions = {},
): { flow: Flow; exact: Set<string> } {
  const processors = PROCESSORS.filter(allowed)
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
    const { type, config, port, exact: conserves } = processors[kind % processors.length]!
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
  outputs.forEach((output, index) => {
    if (used.has(output)) return
    if (!counted) return wire(output, 'bin.in')
    all[`count${index}`] = ['group']
    wire(output, `count${index}.in`)
    wire(`count${index}.error`, 'bin.in')
    all[`rows${index}`] = ['table']
    wire(`count${index}.out`, `rows${index}.in`)
  })
  return { flow: flowOf(all, edges), exact }
}
