/** The document as the canvas draws it: what was not touched keeps its identity, and what is missing is still drawn. */
import { expect, test } from 'vitest'
import type { Flow, NodeDescriptor } from '../../engine/host/protocol.ts'
import { buildEdges, buildNodes } from '../../renderer/canvas/flow-graph.ts'
import type { GraphInput } from '../../renderer/canvas/flow-graph.ts'

const any = { type: 'any' as const, description: '' }
const descriptors = new Map(
  [
    { type: 'map', ports: { in: { in: any }, out: { out: any, error: { ...any, type: 'error' as const } } } },
    { type: 'table', ports: { in: { in: any }, out: {} } },
  ].map((part) => [part.type, { title: part.type, kind: 'processor', ...part } as unknown as NodeDescriptor]),
)
const flow: Flow = {
  weir: 1,
  name: '',
  nodes: { a: { type: 'map' }, b: { type: 'map' }, t: { type: 'table' } },
  edges: [
    { from: 'a.out', to: 'b.in' },
    { from: 'b.error', to: 't.in' },
  ],
  layout: { a: [0, 0], b: [256, 0], t: [512, 0] },
}
const input = (part: Partial<GraphInput> = {}): GraphInput => ({
  flow,
  descriptors,
  selected: new Set(),
  ...part,
})

test('nothing changed gives the very same arrays', () => {
  const nodes = buildNodes([], input())
  const edges = buildEdges([], input())
  expect(buildNodes(nodes, input())).toBe(nodes)
  expect(buildEdges(edges, input())).toBe(edges)
})

test('selecting one node makes one new object', () => {
  const nodes = buildNodes([], input())
  const next = buildNodes(nodes, input({ selected: new Set(['b']) }))
  expect(next.map((node, index) => node === nodes[index])).toEqual([true, false, true])
  expect(next[1]).toMatchObject({ id: 'b', selected: true })
})

test('a node that moved in the document moves, the others stay the same objects', () => {
  const nodes = buildNodes([], input())
  const moved = { ...flow, layout: { ...flow.layout, a: [8, 16] as [number, number] } }
  const next = buildNodes(nodes, input({ flow: moved }))
  expect(next[0]?.position).toEqual({ x: 8, y: 16 })
  expect(next[1]).toBe(nodes[1])
})

test('a node keeps the place where it is being dragged while others change', () => {
  const [a, ...rest] = buildNodes([], input())
  const dragged = [{ ...a!, position: { x: 99, y: 99 } }, ...rest]
  const renamed = { ...flow, nodes: { ...flow.nodes, b: { type: 'map', title: 'B' } } }
  expect(buildNodes(dragged, input({ flow: renamed }))[0]).toBe(dragged[0])
})

test('every node carries its size and its ports, so that it can be culled before it was ever drawn', () => {
  for (const node of buildNodes([], input())) {
    expect(node).toMatchObject({ width: 176, height: 56, measured: { width: 176, height: 56 } })
    expect(node.handles?.length).toBeGreaterThan(0)
  }
})

test('nodes of one type share their ports', () => {
  const [a, b] = buildNodes([], input())
  expect(a?.data.ports).toBe(b?.data.ports)
})

test('a wire to a port that the type does not have is drawn, with a port to end at', () => {
  const odd = { ...flow, edges: [{ from: 'a.nowhere', to: 'b.in' }] }
  const [a] = buildNodes([], input({ flow: odd }))
  expect(a?.handles?.map(({ id }) => id)).toContain('nowhere')
  expect(buildEdges([], input({ flow: odd }))).toHaveLength(1)
})

test('a wire to a node that is not there is left out', () => {
  const odd = { ...flow, edges: [{ from: 'a.out', to: 'ghost.in' }] }
  expect(buildEdges([], input({ flow: odd }))).toEqual([])
})

test('wires that carry failed records are known as such', () => {
  expect(buildEdges([], input()).map((edge) => edge.data?.error)).toEqual([false, true])
})
