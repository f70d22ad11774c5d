/** Walking by keyboard, connecting a selection, the edge under a point, and what a screen reader is told. */
import { expect, test } from 'vitest'
import type { Flow, NodeDescriptor, PortType } from '../../engine/host/protocol.ts'
import { wireBetween } from '../../renderer/canvas/edit-actions.ts'
import { curveBetween, labelPlace, pointOnCurve } from '../../renderer/canvas/geometry.ts'
import { nearestEdge } from '../../renderer/canvas/nearest-edge.ts'
import { nodeLabel } from '../../renderer/canvas/node-words.ts'
import { firstNode, neighbour, wireBeside } from '../../renderer/canvas/walk.ts'

/** a feeds b (above) and c (below); both feed d. */
const flow: Flow = {
  weir: 1,
  name: '',
  nodes: { d: { type: 'x' }, c: { type: 'x' }, b: { type: 'x' }, a: { type: 'x' } },
  edges: [
    { from: 'a.out', to: 'c.in' },
    { from: 'a.out', to: 'b.in' },
    { from: 'b.out', to: 'd.in' },
    { from: 'c.out', to: 'd.in' },
  ],
  layout: { a: [0, 100], b: [256, 80], c: [256, 200], d: [512, 100] },
}
const go = (from: string, way: 'left' | 'right' | 'up' | 'down') =>
  neighbour(flow, flow.layout, { from, way })

test('right and left follow wires to the neighbour that lies most level', () => {
  expect(go('a', 'right')).toBe('b')
  expect(go('c', 'right')).toBe('d')
  expect(go('d', 'left')).toBe('b')
  expect(go('d', 'right')).toBeNull()
})

test('up and down go among the branches of one node', () => {
  expect(go('b', 'down')).toBe('c')
  expect(go('c', 'up')).toBe('b')
  expect(go('b', 'up')).toBeNull()
  expect(go('a', 'down')).toBeNull()
})

test('a walk starts at the left, and a wire can be reached from its node', () => {
  expect(firstNode(flow, flow.layout)).toBe('a')
  expect(firstNode({ ...flow, nodes: {} }, {})).toBeNull()
  expect(wireBeside(flow, { from: 'd', way: 'left' })).toBe('b.out->d.in')
  expect(wireBeside(flow, { from: 'd', way: 'right' })).toBeNull()
})

const side = (ports: Record<string, PortType>) =>
  Object.fromEntries(Object.entries(ports).map(([name, type]) => [name, { type, description: '' }]))
const type = (name: string, ins: Record<string, PortType>, out: Record<string, PortType>) =>
  [name, { type: name, ports: { in: side(ins), out: side(out) } } as unknown as NodeDescriptor] as const
const descriptors = new Map([
  type('lines', {}, { error: 'error', out: 'text' }),
  type('parse', { in: 'text' }, { out: 'record', error: 'error' }),
  type('group', { in: 'record' }, {}),
  type('writer', { in: 'any' }, { error: 'error' }),
])
const typed: Flow = {
  ...flow,
  nodes: {
    lines: { type: 'lines' },
    parse: { type: 'parse' },
    group: { type: 'group' },
    writer: { type: 'writer' },
  },
  edges: [],
}

test('two nodes are connected by their main ports, by the error port only where there is no other', () => {
  const context = { flow: typed, descriptors }
  expect(wireBetween(context, 'lines', 'parse')).toEqual({ from: 'lines.out', to: 'parse.in' })
  expect(wireBetween(context, 'lines', 'group')).toEqual({
    reason: 'group takes records with fields, this port gives text. Put Parse between them.',
  })
  expect(wireBetween(context, 'writer', 'group')).toEqual({ from: 'writer.error', to: 'group.in' })
})

test('two nodes that cannot be connected get a reason in their own names', () => {
  const context = { flow: typed, descriptors }
  expect(wireBetween(context, 'group', 'parse')).toEqual({ reason: 'group has no output to connect.' })
  expect(wireBetween(context, 'parse', 'lines')).toEqual({
    reason: 'lines takes no records: it has no input.',
  })
})

test('the nearest edge within reach is found, and none beyond it', () => {
  const edges = [
    { id: 'upper', from: { x: 0, y: 0 }, to: { x: 100, y: 0 } },
    { id: 'lower', from: { x: 0, y: 20 }, to: { x: 100, y: 20 } },
  ]
  expect(nearestEdge(edges, { x: 50, y: 12 }, 14)).toBe('lower')
  expect(nearestEdge(edges, { x: 50, y: 7 }, 14)).toBe('upper')
  expect(nearestEdge(edges, { x: 50, y: 40 }, 14)).toBeNull()
})

test('an edge that runs backwards is found where it swings out', () => {
  const back = { id: 'back', from: { x: 400, y: 0 }, to: { x: 0, y: 100 } }
  expect(pointOnCurve(curveBetween(back.from, back.to), 1 / 6).x).toBeGreaterThan(400)
  expect(nearestEdge([back], { x: 420, y: 14 }, 14)).toBe('back')
})

test('a label stands over a level wire, and beside a steep one where the wire is not', () => {
  expect(labelPlace(curveBetween({ x: 0, y: 0 }, { x: 200, y: 0 }))).toMatchObject({
    align: 'middle',
    x: 100,
  })
  const climbing = labelPlace(curveBetween({ x: 0, y: 200 }, { x: 100, y: 0 }))
  expect(climbing).toMatchObject({ align: 'end' })
  expect(climbing.x).toBeLessThan(50)
  const falling = labelPlace(curveBetween({ x: 0, y: 0 }, { x: 100, y: 200 }))
  expect(falling).toMatchObject({ align: 'start' })
  expect(falling.x).toBeGreaterThan(50)
})

test('a node tells its name, its state and its numbers', () => {
  const quiet = {
    name: 'Filter served',
    state: 'idle',
    in: 0,
    out: 0,
    errors: 0,
    queue: 0,
    problems: 0,
    tier: '',
  } as const
  expect(nodeLabel(quiet)).toBe('Filter served')
  const busy = nodeLabel({ ...quiet, state: 'running', in: 12_400, queue: 0.8, errors: 3 })
  expect(busy.replaceAll('\u2009', ' ')).toBe(
    'Filter served, running, 12 400 in, queue 80 % full, 3 rejected',
  )
  expect(nodeLabel({ ...quiet, out: 940, about: true })).toBe('Filter served, about 940 out')
  expect(nodeLabel({ ...quiet, problems: 2 })).toBe('Filter served, 2 problems')
  expect(nodeLabel({ ...quiet, state: 'done', tier: 'kernel tier, 2 workers' })).toBe(
    'Filter served, done, kernel tier, 2 workers',
  )
})
