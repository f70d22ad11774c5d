/** Sizes and curves of the canvas, in flow units (pixels at 100 %). Pure numbers, no React Flow. */

export const NODE_WIDTH = 176
export const NODE_HEIGHT = 56
/** Nodes snap to this. */
export const GRID = 8
/** Diameter of a port, and of the small error port. */
export const PORT_SIZE = 10
export const ERROR_PORT_SIZE = 8

export interface Point {
  x: number
  y: number
}

export function snap(value: number): number {
  return Math.round(value / GRID) * GRID
}

/** Middle of each port of one side, from the card's top. A lone main port sits at half height, so that wires run level. */
export function portHeights(ports: readonly { error: boolean }[]): number[] {
  const [first, second] = ports
  if (ports.length === 2 && first && second && first.error !== second.error) {
    return first.error ? [NODE_HEIGHT - 11, NODE_HEIGHT / 2] : [NODE_HEIGHT / 2, NODE_HEIGHT - 11]
  }
  return ports.map((_, index) => (NODE_HEIGHT * (index + 1)) / (ports.length + 1))
}

/** A cubic curve that leaves to the right and arrives from the left. */
export interface Curve {
  from: Point
  leave: Point
  arrive: Point
  to: Point
}

export function curveBetween(from: Point, to: Point): Curve {
  const distance = to.x - from.x
  // A wire that runs backwards swings out less than its length, else it would leave the screen.
  const reach = distance >= 0 ? Math.max(distance / 2, Math.min(24, distance)) : 6.25 * Math.sqrt(-distance)
  return { from, leave: { x: from.x + reach, y: from.y }, arrive: { x: to.x - reach, y: to.y }, to }
}

export function curvePath({ from, leave, arrive, to }: Curve): string {
  return `M${from.x},${from.y} C${leave.x},${leave.y} ${arrive.x},${arrive.y} ${to.x},${to.y}`
}

/** The point at t in 0..1. */
export function pointOnCurve({ from, leave, arrive, to }: Curve, t: number): Point {
  const s = 1 - t
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
  return {
    x: a * from.x + b * leave.x + c * arrive.x + d * to.x,
    y: a * from.y + b * leave.y + c * arrive.y + d * to.y,
  }
}

/** Where the two lines of a label stand: above a level wire, on the free side of a steep one. */
export interface LabelPlace extends Point {
  align: 'start' | 'middle' | 'end'
  /** Baselines of the two lines, from y. */
  first: number
  second: number
}

/** Labels shrink later than the rest when one zooms out, as far as the gap between cards allows. */
export function labelGrowth(zoom: number): number {
  return Math.min(1.3, Math.max(1, 0.8 / zoom))
}

/** Steeper than this the wire would run through the text. */
const STEEP = 0.5
const ASIDE = 9

export function labelPlace(curve: Curve): LabelPlace {
  const { x, y } = pointOnCurve(curve, 0.5)
  const ahead = pointOnCurve(curve, 0.55)
  const [run, rise] = [ahead.x - x, ahead.y - y]
  if (Math.abs(rise) < Math.abs(run) * STEEP) return { x, y, align: 'middle', first: -17, second: -6 }
  // The free corner above the middle lies before a wire that climbs and behind one that falls.
  const climbs = rise < 0 === run >= 0
  return { x: climbs ? x - ASIDE : x + ASIDE, y, align: climbs ? 'end' : 'start', first: -3, second: 9 }
}

const SAMPLES = 32

/** The point of the curve nearest to `point`, to within a sample, and how far it is. */
export function nearestOnCurve(curve: Curve, point: Point): { at: Point; distance: number } {
  let at = curve.from
  let distance = Infinity
  for (let i = 0; i <= SAMPLES; i++) {
    const sample = pointOnCurve(curve, i / SAMPLES)
    const away = Math.hypot(sample.x - point.x, sample.y - point.y)
    if (away < distance) [at, distance] = [sample, away]
  }
  return { at, distance }
}
