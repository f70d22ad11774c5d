/** Groups by key: open addressing over groups that lie in chunks, in the order in which they were first seen. */
import {
  CHUNK_BYTES,
  GROUP_HASH,
  GROUP_INDEX,
  GROUP_KEY_LENGTH,
  GROUP_MINUS,
  GROUP_NUMBER,
  GROUP_STATES,
  GROUP_TAG,
  MOST_CHUNKS,
  STATE_BYTES,
  TABLE_AGG_COUNT,
  TABLE_CHUNKS,
  TABLE_CHUNK_AT,
  TABLE_CHUNK_COUNT,
  TABLE_CHUNK_END,
  TABLE_FREE_AT,
  TABLE_FREE_END,
  TABLE_FULL,
  TABLE_GROUPS,
  TABLE_LIMIT,
  TABLE_MADE,
  TABLE_MASK,
  TABLE_PIECE,
  TABLE_SLOTS,
} from '../layout.ts'
import { allocate, allocateTouched } from './memory.ts'
import { sameBytes } from './keys.ts'

const FIRST_SLOTS: u32 = 4096

/** Makes a table ready; its settings (keys, aggregates, limit) are there already. */
export function openTable(table: usize): void {
  store<u32>(table, <u32>allocateTouched(FIRST_SLOTS << 3), TABLE_SLOTS)
  store<u32>(table, FIRST_SLOTS - 1, TABLE_MASK)
  store<u32>(table, <u32>allocate(MOST_CHUNKS << 3), TABLE_CHUNKS)
}

// @ts-ignore: decorator
@inline
export function headOf(table: usize): usize {
  return GROUP_STATES + load<u32>(table, TABLE_AGG_COUNT) * STATE_BYTES
}

/** Forgets all groups. What they took is used again. */
export function emptyTable(table: usize): void {
  memory.fill(load<u32>(table, TABLE_SLOTS), 0, (<usize>load<u32>(table, TABLE_MASK) + 1) << 3)
  store<u32>(table, 0, TABLE_GROUPS)
  store<u32>(table, 0, TABLE_CHUNK_AT)
  store<u32>(table, 0, TABLE_CHUNK_END)
  store<u32>(table, 0, TABLE_CHUNK_COUNT)
}

/** The group of a key, made where there is none; 0 where that would be one too many. */
// @ts-ignore: decorator
@inline
export function findGroup(table: usize, hash: u32, key: usize, lengthAndTag: u64): usize {
  const slots = <usize>load<u32>(table, TABLE_SLOTS)
  const mask = load<u32>(table, TABLE_MASK)
  const head = headOf(table)
  const length = <u32>lengthAndTag
  const tag = <u8>(lengthAndTag >> 32)
  let slot = hash & mask
  while (true) {
    const entry = load<u64>(slots + (<usize>slot << 3))
    if (entry == 0) return newGroup(table, hash, key, lengthAndTag)
    if (<u32>entry == hash) {
      const group = <usize>(entry >> 32)
      if (
        load<u32>(group, GROUP_KEY_LENGTH) == length &&
        load<u8>(group, GROUP_TAG) == tag &&
        sameBytes(group + head, key, length)
      )
        return group
    }
    slot = (slot + 1) & mask
  }
}

function newGroup(table: usize, hash: u32, key: usize, lengthAndTag: u64): usize {
  const count = load<u32>(table, TABLE_GROUPS)
  if (count >= load<u32>(table, TABLE_LIMIT)) {
    store<u32>(table, 1, TABLE_FULL)
    return 0
  }
  if ((count + 1) << 1 > load<u32>(table, TABLE_MASK)) growSlots(table)
  const length = <u32>lengthAndTag
  const head = headOf(table)
  const group = room(table, (head + length + 7) & ~7)
  store<u32>(group, hash, GROUP_HASH)
  store<u32>(group, length, GROUP_KEY_LENGTH)
  store<u32>(group, count, GROUP_INDEX)
  store<u32>(group, 0, GROUP_TAG)
  store<u8>(group, <u8>(lengthAndTag >> 32), GROUP_TAG)
  store<u16>(group, <u16>(lengthAndTag >> 48), GROUP_MINUS)
  const made = load<u32>(table, TABLE_MADE)
  store<f64>(group, <f64>load<u32>(table, TABLE_PIECE) * 4294967296 + <f64>made, GROUP_NUMBER)
  store<u32>(table, made + 1, TABLE_MADE)
  memory.fill(group + GROUP_STATES, 0, head - GROUP_STATES)
  memory.copy(group + head, key, length)
  putSlot(table, hash, group)
  store<u32>(table, count + 1, TABLE_GROUPS)
  return group
}

function putSlot(table: usize, hash: u32, group: usize): void {
  const slots = <usize>load<u32>(table, TABLE_SLOTS)
  const mask = load<u32>(table, TABLE_MASK)
  let slot = hash & mask
  while (load<u64>(slots + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask
  store<u64>(slots + (<usize>slot << 3), (<u64>group << 32) | hash)
}

/** Four times as many slots: what they took before becomes room for chunks. */
function growSlots(table: usize): void {
  const old = <usize>load<u32>(table, TABLE_SLOTS)
  const oldCount = load<u32>(table, TABLE_MASK) + 1
  const count = oldCount << 2
  store<u32>(table, <u32>allocateTouched(<usize>count << 3), TABLE_SLOTS)
  store<u32>(table, count - 1, TABLE_MASK)
  const end = old + (<usize>oldCount << 3)
  for (let at = old; at < end; at += 8) {
    const entry = load<u64>(at)
    if (entry != 0) putSlot(table, <u32>entry, <usize>(entry >> 32))
  }
  store<u32>(table, <u32>old, TABLE_FREE_AT)
  store<u32>(table, <u32>end, TABLE_FREE_END)
}

/** Bytes for one group, in the chunk at hand or in a new one. */
function room(table: usize, bytes: usize): usize {
  const at = <usize>load<u32>(table, TABLE_CHUNK_AT)
  if (at + bytes <= <usize>load<u32>(table, TABLE_CHUNK_END)) {
    store<u32>(table, <u32>(at + bytes), TABLE_CHUNK_AT)
    return at
  }
  const count = load<u32>(table, TABLE_CHUNK_COUNT)
  if (count == MOST_CHUNKS) unreachable()
  const chunks = <usize>load<u32>(table, TABLE_CHUNKS)
  if (count > 0) store<u32>(chunks + ((<usize>count - 1) << 3), <u32>at, 4)
  // Keys are compared in pieces of 8 bytes, the last of which may reach behind the chunk.
  const size = max(<usize>CHUNK_BYTES, bytes + 8)
  // There is one already where the table was emptied.
  const known = <usize>load<u32>(chunks + (<usize>count << 3))
  const chunk = known != 0 && size == CHUNK_BYTES ? known : spare(table, size)
  store<u32>(chunks + (<usize>count << 3), <u32>chunk)
  store<u32>(table, count + 1, TABLE_CHUNK_COUNT)
  store<u32>(table, <u32>(chunk + bytes), TABLE_CHUNK_AT)
  store<u32>(table, <u32>(chunk + size - 8), TABLE_CHUNK_END)
  return chunk
}

function spare(table: usize, bytes: usize): usize {
  const at = <usize>load<u32>(table, TABLE_FREE_AT)
  if (at + bytes > <usize>load<u32>(table, TABLE_FREE_END)) return allocate(bytes)
  store<u32>(table, <u32>(at + bytes), TABLE_FREE_AT)
  return at
}
