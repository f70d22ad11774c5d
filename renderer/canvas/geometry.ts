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

/** A cubic: start, its handle, the end's handle, end. */
export type Cubic = readonly [Point, Point, Point, Point]

/** What a wire follows: leaves to the right, arrives from the left. One cubic, or three where it runs back. */
export interface Curve {
  from: Point
  to: Point
  pieces: readonly Cubic[]
}

/** A wire that runs back farther than this goes around, between the rows or below the cards. */
const BACK = 48
/** How far a wire that goes around swings out at most, and how far below the cards it runs. */
const SWING = 44
const BELOW = 28

export function curveBetween(from: Point, to: Point): Curve {
  const distance = to.x - from.x
  if (distance < -BACK) return around(from, to)
  const reach = distance >= 0 ? Math.max(distance / 2, Math.min(24, distance)) : 6.25 * Math.sqrt(-distance)
  return { from, to, pieces: [[from, { x: from.x + reach, y: from.y }, { x: to.x - reach, y: to.y }, to]] }
}

/** Out to the right, back on a level line that crosses no card of the two rows, and in from the left. */
function around(from: Point, to: Point): Curve {
  const apart = Math.abs(to.y - from.y) >= NODE_HEIGHT + 2 * GRID
  const y = apart ? (from.y + to.y) / 2 : Math.max(from.y, to.y) + NODE_HEIGHT / 2 + BELOW
  const swing = (rise: number) => Math.min(SWING, Math.max(24, Math.abs(rise) * 0.7))
  const [out, back] = [swing(y - from.y), swing(to.y - y)]
  const [start, end] = [
    { x: from.x, y },
    { x: to.x, y },
  ]
  return {
    from,
    to,
    pieces: [
      [from, { x: from.x + out, y: from.y }, { x: from.x + out, y }, start],
      [start, start, end, end],
      [end, { x: to.x - back, y }, { x: to.x - back, y: to.y }, to],
    ],
  }
}

/** What the curve stays within. */
export function boundsOf({ from, to }: Curve): { left: number; right: number; top: number; bottom: number } {
  const back = to.x < from.x
  return {
    left: Math.min(from.x, to.x) - (back ? SWING : 0),
    right: Math.max(from.x, to.x) + (back ? SWING : 0),
    top: Math.min(from.y, to.y),
    bottom: Math.max(from.y, to.y) + (back ? NODE_HEIGHT / 2 + BELOW : 0),
  }
}

export function curvePath({ from, pieces }: Curve): string {
  const drawn = pieces.map(([, leave, arrive, to]) =>
    [leave, arrive, to].map(({ x, y }) => `${x},${y}`).join(' '),
  )
  return `M${from.x},${from.y} C${drawn.join(' ')}`
}

/** The point at t in 0..1; each piece has an equal share of t. */
export function pointOnCurve({ pieces }: Curve, t: number): Point {
  const index = Math.min(pieces.length - 1, Math.floor(t * pieces.length))
  const [from, leave, arrive, to] = pieces[index]!
  const u = t * pieces.length - index
  const s = 1 - u
  const [a, b, c, d] = [s * s * s, 3 * s * s * u, 3 * s * u * u, u * u * u]
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
  return Math.min(1.5, Math.max(1, 0.8 / zoom))
}

/** Steeper than this the wire would run through the text. */
const STEEP = 0.5
const ASIDE = 9
/** A step between two cards of which one still stands beside the middle of the wire. */
const LOW_STEP = 96

export function labelPlace(curve: Curve): LabelPlace {
  const { x, y } = pointOnCurve(curve, 0.5)
  const ahead = pointOnCurve(curve, 0.55)
  const [run, rise] = [ahead.x - x, ahead.y - y]
  if (Math.abs(rise) < Math.abs(run) * STEEP) return { x, y, align: 'middle', first: -17, second: -6 }
  // Where the cards stand close and a step apart there is no room beside the wire, but above its higher end.
  if (curve.pieces.length === 1 && Math.abs(curve.from.y - curve.to.y) < LOW_STEP) {
    return { x, y: Math.min(curve.from.y, curve.to.y), align: 'middle', first: -15, second: -4 }
  }
  // The free corner above the middle lies before a wire that climbs and behind one that falls.
  const climbs = rise < 0 === run >= 0
  return { x: climbs ? x - ASIDE : x + ASIDE, y, align: climbs ? 'end' : 'start', first: -3, second: 9 }
}

/** Of each piece. */
const SAMPLES = 24

/** The point of the curve nearest to `point`, taken as short straight lines, and how far it is. */
export function nearestOnCurve(curve: Curve, point: Point): { at: Point; distance: number } {
  const steps = SAMPLES * curve.pieces.length
  let at = curve.from
  let distance = Math.hypot(at.x - point.x, at.y - point.y)
  let before = curve.from
  for (let i = 1; i <= steps; i++) {
    const next = pointOnCurve(curve, i / steps)
    const near = nearestOnLine(before, next, point)
    const away = Math.hypot(near.x - point.x, near.y - point.y)
    if (away < distance) [at, distance] = [near, away]
    before = next
  }
  return { at, distance }
}

function nearestOnLine(from: Point, to: Point, point: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  if (length === 0) return from
  const t = Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length))
  return { x: from.x + t * dx, y: from.y + t * dy }
}
