/** Text that is kept for long must not keep the chunk of the file that it was cut from. */

/** V8 copies slices shorter than this; longer ones point into the text that they were cut from. */
const SHORTEST_SLICE = 13

/**
 * A text that owns its characters. A field cut from a line cut from a 64 KiB chunk keeps the whole chunk in memory;
 * a million group keys would keep the whole file. Joining and cutting again makes a fresh, flat copy.
 */
export function ownText(text: string): string {
  return text.length < SHORTEST_SLICE ? text : ` ${text}`.slice(1)
}

/** `ownText` for texts, any other value as it is. */
export function ownValue(value: unknown): unknown {
  return typeof value === 'string' ? ownText(value) : value
}
