/** Which wires the canvas allows, and what it says about the others. */
import { expect, test } from 'vitest'
import type { Flow, NodeDescriptor, PortType } from '../../engine/host/protocol.ts'
import { checkWire, explainNode, fits, targetsOf } from '../../renderer/canvas/connection-rules.ts'

function descriptor(
  type: string,
  ins: Record<string, PortType>,
  outs: Record<string, PortType>,
): NodeDescriptor {
  const ports = (all: Record<string, PortType>) =>
    Object.fromEntries(Object.entries(all).map(([name, kind]) => [name, { type: kind, description: '' }]))
  return {
    type,
    kind: 'processor',
    version: 1,
    title: type,
    summary: '',
    docs: '',
    config: {},
    defaults: {},
    ports: { in: ports(ins), out: ports(outs) },
    look: { icon: 'box', face: '' },
    examples: [],
  }
}

const descriptors = new Map(
  [
    descriptor('numbers', {}, { out: 'number' }),
    descriptor('lines', {}, { out: 'text', error: 'error' }),
    descriptor('parse', { in: 'text' }, { out: 'record', error: 'error' }),
    descriptor('group', { in: 'record' }, { out: 'record' }),
    descriptor('any', { in: 'any' }, { out: 'any' }),
    descriptor('sink', { in: 'any' }, {}),
  ].map((one) => [one.type, one]),
)

function flow(edges: [string, string][] = []): Flow {
  const types = {
    numbers: 'numbers',
    lines: 'lines',
    parse: 'parse',
    group: 'group',
    a: 'any',
    b: 'any',
    c: 'any',
    sink: 'sink',
  }
  return {
    weir: 1,
    name: '',
    nodes: Object.fromEntries(Object.entries(types).map(([id, type]) => [id, { type }])),
    edges: edges.map(([from, to]) => ({ from, to })),
    layout: {},
  }
}

test('any fits all, failed records are records, the others fit only their kind', () => {
  const types: PortType[] = ['any', 'text', 'record', 'number', 'error']
  const table = types.map((from) => types.filter((to) => fits(from, to)).join(' '))
  expect(table).toEqual([
    'any text record number error',
    'any text',
    'any record',
    'any number',
    'any record error',
  ])
})

test('a wire between fitting ports is allowed', () => {
  expect(checkWire({ flow: flow(), descriptors }, 'lines.out', 'parse.in')).toEqual({ ok: true })
})

test('a type that does not fit is refused with what would help', () => {
  expect(checkWire({ flow: flow(), descriptors }, 'lines.out', 'group.in')).toEqual({
    ok: false,
    reason: 'group takes records with fields, this port gives text.',
    fix: 'Put Parse between them.',
  })
})

test('a circle over several nodes is refused from either end', () => {
  const context = { flow: flow([['a.out', 'b.in'], ['b.out', 'c.in']]), descriptors } // prettier-ignore
  const reason = 'That makes a circle: a already leads to c.'
  expect(checkWire(context, 'c.out', 'a.in')).toMatchObject({ ok: false, reason })
  expect(targetsOf(context, { node: 'a', port: 'in', direction: 'in' }).get('c.out')).toMatchObject({
    ok: false,
    reason,
  })
})

test('a node cannot feed itself and a wire cannot be doubled', () => {
  const context = { flow: flow([['a.out', 'b.in']]), descriptors }
  expect(checkWire(context, 'a.out', 'a.in')).toMatchObject({ reason: 'A node cannot feed itself.' })
  expect(checkWire(context, 'a.out', 'b.in')).toMatchObject({
    reason: 'These two ports are already connected.',
  })
})

test('an edge that is being moved does not stand in its own way', () => {
  const context = { flow: flow([['a.out', 'b.in']]), descriptors }
  expect(checkWire(context, 'a.out', 'b.in', 'a.out->b.in')).toEqual({ ok: true })
  expect(checkWire(context, 'b.out', 'a.in', 'a.out->b.in')).toEqual({ ok: true })
})

test('every input gets a verdict when a wire is pulled from an output, every output when from an input', () => {
  const context = { flow: flow(), descriptors }
  const forward = targetsOf(context, { node: 'numbers', port: 'out', direction: 'out' })
  expect([...forward].filter(([, verdict]) => verdict.ok).map(([port]) => port)).toEqual([
    'a.in',
    'b.in',
    'c.in',
    'sink.in',
  ])
  const backward = targetsOf(context, { node: 'group', port: 'in', direction: 'in' })
  expect([...backward].filter(([, verdict]) => verdict.ok).map(([port]) => port)).toEqual([
    'lines.error',
    'parse.out',
    'parse.error',
    'a.out',
    'b.out',
    'c.out',
  ])
})

test('a node without inputs explains itself', () => {
  const context = { flow: flow(), descriptors }
  expect(explainNode(context, { node: 'a', port: 'out', direction: 'out' }, 'lines')).toMatchObject({
    reason: 'lines takes no records: it has no input.',
  })
  expect(explainNode(context, { node: 'a', port: 'in', direction: 'in' }, 'sink')).toMatchObject({
    reason: 'sink gives no records: it has no output.',
  })
})

test('nodes are called by their titles', () => {
  const named = flow()
  named.nodes['group'] = { type: 'group', title: 'hits per page' }
  expect(checkWire({ flow: named, descriptors }, 'numbers.out', 'group.in')).toMatchObject({
    reason: 'hits per page takes records with fields, this port gives numbers.',
    fix: 'Put Map between them.',
  })
})
