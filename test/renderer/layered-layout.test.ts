/** Tidying a flow, and drawing one that has no layout. */
import { expect, test } from 'vitest'
import { layeredLayout } from '../../renderer/canvas/layered-layout.ts'
import { boundsOf, placesOf, tidyPlaces } from '../../renderer/canvas/places.ts'

const wire = (from: string, to: string, port = 0) => ({ from, to, port })

test('a chain lies level, left to right', () => {
  const places = layeredLayout(['c', 'a', 'b'], [wire('a', 'b'), wire('b', 'c')])
  expect(new Set(Object.values(places).map(([, y]) => y))).toEqual(new Set([0]))
  expect([places['a']![0], places['b']![0], places['c']![0]]).toEqual([0, 256, 512])
})

test('a node stands right of everything that feeds it, by the longest way', () => {
  const places = layeredLayout(
    ['a', 'b', 'c', 'd'],
    [wire('a', 'd'), wire('a', 'b'), wire('b', 'c'), wire('c', 'd')],
  )
  expect(places['d']![0]).toBeGreaterThan(places['c']![0])
})

test('later ports lead to lower nodes', () => {
  const places = layeredLayout(
    ['rejected', 'kept', 'parse'],
    [wire('parse', 'rejected', 1), wire('parse', 'kept', 0)],
  )
  expect(places['rejected']![1]).toBeGreaterThan(places['kept']![1])
})

test('no two cards touch and all lie on the grid, in a thousand nodes with crossing wires', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `n${index}`)
  const wires = ids.slice(1).map((id, index) => wire(ids[Math.floor((index * 7919) % (index + 1))]!, id))
  const places = layeredLayout(ids, wires)
  const columns = new Map<number, number[]>()
  for (const [x, y] of Object.values(places)) columns.set(x, [...(columns.get(x) ?? []), y])
  for (const column of columns.values()) {
    const ys = column.sort((a, b) => a - b)
    for (let i = 1; i < ys.length; i++) expect(ys[i]! - ys[i - 1]!).toBeGreaterThanOrEqual(88)
  }
  expect(
    Object.values(places)
      .flat()
      .every((value) => value % 8 === 0),
  ).toBe(true)
})

test('a circle and a loop end, and keep every node', () => {
  const places = layeredLayout(['a', 'b', 'c'], [wire('a', 'b'), wire('b', 'a'), wire('c', 'c')])
  expect(Object.keys(places)).toEqual(expect.arrayContaining(['a', 'b', 'c']))
})

test('nothing is laid out into nothing', () => {
  expect(layeredLayout([], [])).toEqual({})
})

const flow = {
  weir: 1 as const,
  name: '',
  nodes: { a: { type: 'range' }, b: { type: 'map' }, c: { type: 'table' } },
  edges: [
    { from: 'a.out', to: 'b.in' },
    { from: 'b.out', to: 'c.in' },
  ],
  layout: {},
}

test('nodes without a place are drawn below the placed ones, whose places stay as they are', () => {
  const layout: Record<string, [number, number]> = { a: [16, 32] }
  const places = placesOf({ ...flow, layout })
  expect(places['a']).toBe(layout['a'])
  expect(places['b']![1]).toBeGreaterThanOrEqual(32 + 56)
  expect(places['c']![0]).toBeGreaterThan(places['b']![0])
})

test('a complete layout is passed on as it is', () => {
  const layout: Record<string, [number, number]> = { a: [0, 0], b: [1, 1], c: [2, 2] }
  expect(placesOf({ ...flow, layout })).toBe(layout)
})

test('a tidy keeps the left top corner of what it lays out', () => {
  const layout: Record<string, [number, number]> = { a: [800, 160], b: [80, 640], c: [400, 400] }
  const tidy = tidyPlaces({ ...flow, layout }, ['a', 'b', 'c'], new Map())
  expect(boundsOf(Object.values(tidy))).toMatchObject({ x: 80, y: 160 })
})
