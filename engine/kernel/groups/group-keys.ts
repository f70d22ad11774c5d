/** Where the values of a group's key lie in a kernel's memory. */
import type { KernelMemory } from '../kernel-memory.ts'
import {
  GROUP_KEY_LENGTH,
  GROUP_MINUS,
  GROUP_STATES,
  GROUP_TAG,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  STATE_BYTES,
} from '../layout.ts'

export interface KeyPlace {
  /** KIND_TEXT … */
  kind: number
  at: number
  length: number
  /** The number is -0. */
  minus: boolean
}

export interface GroupShape {
  aggregates: number
  keys: number
}

export function keyPlaces(memory: KernelMemory, group: number, { aggregates, keys }: GroupShape): KeyPlace[] {
  const { bytes } = memory
  const minus = bytes.readUInt16LE(group + GROUP_MINUS)
  let at = group + GROUP_STATES + STATE_BYTES * aggregates
  if (keys === 1) {
    const length = memory.get(group + GROUP_KEY_LENGTH)
    return [{ kind: bytes[group + GROUP_TAG]!, at, length, minus: minus === 1 }]
  }
  return Array.from({ length: keys }, (_, i) => {
    const kind = bytes[at++]!
    let length = kind === KIND_NUMBER ? 8 : 0
    if (kind === KIND_TEXT || kind === KIND_OTHER) {
      length = bytes.readUInt32LE(at)
      at += 4
    }
    const place = { kind, at, length, minus: (minus & (1 << i)) !== 0 }
    at += length
    return place
  })
}

/** The canonical bytes, as Latin-1, of those values of a key that are told by other bytes than their own. */
export function otherKeys(memory: KernelMemory, group: number, shape: GroupShape): string[] {
  return keyPlaces(memory, group, shape)
    .filter(({ kind }) => kind === KIND_OTHER)
    .map(({ at, length }) => memory.bytes.toString('latin1', at, at + length))
}
