/** Groups of a kernel's table on their way to another one. */

/** Whole groups one behind the other, in the order in which they were first seen, all in one piece of the source. */
export interface GroupChunk {
  piece: number
  bytes: ArrayBuffer | Uint8Array
}

/** A table as it travels to another thread. */
export interface PackedGroups extends Left {
  groups: number
  /** Those of a piece in the order of their indexes; pieces in rising order. */
  chunks: GroupChunk[]
}

/** What JavaScript holds beside a table. */
export interface Left {
  /** States of aggregates that are no plain sums or numbers, packed, by index of the group × aggregates + aggregate. */
  states: [place: number, packed: unknown, piece: number][]
  /** Values of keys that are no plain text or number, by their canonical bytes as Latin-1. */
  values: [bytes: string, value: unknown, piece: number][]
}

/** What JavaScript added up for one aggregate of one group, and the last piece of the source that changed it. */
export interface LeftState {
  state: unknown
  piece: number
}
