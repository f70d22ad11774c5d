/** How long the camera moves: not at all where people asked for less motion. */

const GLIDE_MS = 200

export function glideMs(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : GLIDE_MS
}
