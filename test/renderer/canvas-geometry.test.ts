/** Ports, curves and the pace of a run. */
import { expect, test } from 'vitest'
import {
  boundsOf,
  curveBetween,
  nearestOnCurve,
  NODE_HEIGHT,
  pointOnCurve,
  portHeights,
} from '../../renderer/canvas/geometry.ts'
import { paceOf } from '../../renderer/canvas/pace.ts'
import type { PaceNode } from '../../renderer/canvas/pace.ts'
import { portsNamedBy, portsOf, strayPorts } from '../../renderer/canvas/ports.ts'

test('a lone main port sits at half height whether or not it has an error port below it', () => {
  expect(portHeights([{ error: false }])).toEqual([28])
  expect(portHeights([{ error: false }, { error: true }])[0]).toBe(28)
})

test('several ports are spaced evenly', () => {
  expect(portHeights([{ error: false }, { error: false }, { error: true }])).toEqual([14, 28, 42])
})

test('a wire to a node of an unknown type still has a port to end at', () => {
  const named = portsNamedBy([{ from: 'a.out', to: 'b.left' }])
  const stray = strayPorts('b', undefined, named)
  expect(portsOf(undefined, stray)).toMatchObject([{ name: 'left', direction: 'in', x: 0 }])
})

test('a curve starts and ends at its ports, and a point on it is nearest to itself', () => {
  const curve = curveBetween({ x: 0, y: 0 }, { x: 200, y: 100 })
  expect(pointOnCurve(curve, 0)).toEqual({ x: 0, y: 0 })
  expect(pointOnCurve(curve, 1)).toEqual({ x: 200, y: 100 })
  const middle = pointOnCurve(curve, 0.5)
  expect(middle).toEqual({ x: 100, y: 50 })
  expect(nearestOnCurve(curve, middle).distance).toBeCloseTo(0)
})

const node = (id: string, part: Partial<PaceNode> = {}): PaceNode => ({
  id,
  state: 'running',
  working: 0,
  blocked: 0,
  rate: 0,
  ...part,
})
const plain = (text?: string) => text?.replaceAll('\u2009', ' ')

test('the busiest node sets the pace while somebody is held up', () => {
  const nodes = [node('log', { working: 0.6, blocked: 0.4 }), node('parse', { working: 0.91 })]
  const pace = paceOf(nodes, [{ from: 'log', to: 'parse', fill: 1 }])
  expect(pace?.node).toBe('parse')
  expect(plain(pace?.text)).toBe('sets the pace: busy 91 %')
})

test('a node that holds records back on purpose is named with its rate', () => {
  const nodes = [
    node('range', { state: 'blocked', blocked: 1 }),
    node('throttle', { state: 'waiting', rate: 10 }),
  ]
  expect(plain(paceOf(nodes, [{ from: 'range', to: 'throttle', fill: 1 }])?.text)).toBe(
    'sets the pace: 10 /s',
  )
})

test('who is blocked in turn is not the cause', () => {
  const nodes = [
    node('a', { blocked: 0.95 }),
    node('b', { working: 0.1, blocked: 0.9, state: 'blocked' }),
    node('c', { working: 0.8 }),
  ]
  const edges = [
    { from: 'a', to: 'b', fill: 1 },
    { from: 'b', to: 'c', fill: 1 },
  ]
  expect(paceOf(nodes, edges)?.node).toBe('c')
})

test('nobody sets the pace while nothing is held up, nor after the end', () => {
  expect(paceOf([node('a', { working: 1 })], [])).toBeNull()
  expect(paceOf([node('a', { working: 1, state: 'done' })], [{ from: 'x', to: 'a', fill: 1 }])).toBeNull()
})

test('a wire back to another row runs level between the rows', () => {
  const curve = curveBetween({ x: 700, y: 28 }, { x: 0, y: 188 })
  for (const t of [0.34, 0.5, 0.66]) expect(pointOnCurve(curve, t).y).toBeCloseTo(108)
  expect(pointOnCurve(curve, 0)).toEqual({ x: 700, y: 28 })
  expect(pointOnCurve(curve, 1)).toEqual({ x: 0, y: 188 })
})

test('a wire back in its own row runs below the cards', () => {
  const curve = curveBetween({ x: 700, y: 28 }, { x: 0, y: 28 })
  expect(pointOnCurve(curve, 0.5).y).toBeGreaterThan(NODE_HEIGHT + 16)
})

const ROUNDING = 1e-9

test('a curve stays within its bounds', () => {
  for (const to of [-700, -200, -50, -20, 40, 300]) {
    for (const y of [-300, -80, 0, 60, 200]) {
      const curve = curveBetween({ x: 0, y: 0 }, { x: to, y })
      const { left, right, top, bottom } = boundsOf(curve)
      for (let t = 0; t <= 1; t += 0.01) {
        const point = pointOnCurve(curve, t)
        expect(point.x).toBeGreaterThanOrEqual(left - ROUNDING)
        expect(point.x).toBeLessThanOrEqual(right + ROUNDING)
        expect(point.y).toBeGreaterThanOrEqual(top - ROUNDING)
        expect(point.y).toBeLessThanOrEqual(bottom + ROUNDING)
      }
    }
  }
})

test('the nearest point lies on long straight parts, too', () => {
  const curve = curveBetween({ x: 900, y: 28 }, { x: 0, y: 188 })
  const { at, distance } = nearestOnCurve(curve, { x: 333, y: 118 })
  expect(at.x).toBeCloseTo(333)
  expect(at.y).toBeCloseTo(108)
  expect(distance).toBeCloseTo(10)
})
