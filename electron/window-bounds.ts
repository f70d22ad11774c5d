/** Keeps a remembered window on the displays that are there now. */

export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export const DEFAULT_SIZE = { width: 1280, height: 800 }
/** Everything still works at this size. */
export const MINIMUM_SIZE = { width: 960, height: 600 }

/**
 * Where the window opens: the remembered bounds, moved and shrunk into the work area that shows most of them,
 * or centred in the first (main) work area where none shows any.
 */
export function fitBounds(remembered: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  const areas = workAreas.length > 0 ? workAreas : [{ x: 0, y: 0, ...DEFAULT_SIZE }]
  const best = remembered && largestOverlap(remembered, areas)
  const area = best ?? areas[0]!
  const wanted = best ? remembered : { ...DEFAULT_SIZE, ...(remembered && sizeOf(remembered)) }
  const width = Math.min(Math.max(wanted.width, MINIMUM_SIZE.width), area.width)
  const height = Math.min(Math.max(wanted.height, MINIMUM_SIZE.height), area.height)
  const centred = { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2 }
  const { x, y } = best ? remembered : centred
  return {
    x: Math.round(Math.min(Math.max(x, area.x), area.x + area.width - width)),
    y: Math.round(Math.min(Math.max(y, area.y), area.y + area.height - height)),
    width,
    height,
  }
}

function largestOverlap(bounds: Bounds, areas: readonly Bounds[]): Bounds | undefined {
  let best: Bounds | undefined
  let most = 0
  for (const area of areas) {
    const overlap = overlapOf(bounds, area)
    if (overlap > most) [best, most] = [area, overlap]
  }
  return best
}

function overlapOf(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

function sizeOf({ width, height }: Bounds) {
  return { width, height }
}
