/** Far more groups than memory holds: they come back in order, and the disk is asked for few and large things. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ByteFile } from '../../../engine/spill/byte-file.ts'
import { columnFor } from '../../../engine/spill/groups/columns-for.ts'
import { ManyGroups } from '../../../engine/spill/groups/many-groups.ts'
import { rangeInOrder, rangesOf } from '../../../engine/spill/groups/place-ranges.ts'
import { GroupRows } from '../../../engine/spill/groups/group-rows.ts'
import { BlockWriter } from '../../../engine/spill/groups/blocks.ts'
import type { Memory } from '../../../engine/spec/node.ts'
import { littleMemory } from './little-memory.ts'

const GROUPS = 200_000
const BYTES = 64 * 1024
const ROW_BYTES = 40

afterEach(() => void vi.restoreAllMocks())

function manyGroups(memory: Memory): ManyGroups {
  return new ManyGroups({ memory, fields: 1, newColumns: () => [columnFor('count')], one: 'One group' })
}

function add(many: ManyGroups, value: unknown): void {
  if (many.isFull) many.makeRoom()
  many.rows.keys.begin()
  many.rows.keys.put(value)
  many.rows.columns[0]!.add(
    many.rowOf(undefined, () => value),
    undefined,
    undefined as never,
  )
}

/** Keys and counts, as they come. */
function* resultsOf(many: ManyGroups): Generator<[unknown, unknown]> {
  const key: unknown[] = [null]
  for (const { rows, order } of many.inOrder())
    for (let at = 0; at < order.length; at++) {
      rows.readKey(order[at]!, key)
      yield [key[0], rows.columns[0]!.finish(order[at]!)]
    }
}

describe('groups of a hundred times the memory', () => {
  it('come in the order in which they were first seen, and are laid down in blocks of many', () => {
    const memory = littleMemory(BYTES)
    const appended = vi.spyOn(ByteFile.prototype, 'append')
    const many = manyGroups(memory)
    for (let at = 0; at < GROUPS; at++) add(many, at)
    for (let at = 0; at < GROUPS; at += 2) add(many, at)
    for (const _ of many.settle());
    let next = 0
    for (const [key, count] of resultsOf(many)) {
      if (key !== next || count !== (next % 2 === 0 ? 2 : 1)) expect([next, key, count]).toBe('in order')
      next++
    }
    expect(next).toBe(GROUPS)
    expect(memory.files()).toEqual([])
    // Each table that is full goes to 64 files; what follows is to add little to that.
    const tables = (1.5 * GROUPS * ROW_BYTES) / (BYTES / 2)
    expect(appended.mock.calls.length).toBeLessThan(2 * 64 * tables)
  })

  it('are put in order in few steps, where a range of places is more than memory holds', () => {
    const memory = littleMemory(BYTES)
    const rows = new GroupRows([])
    for (let at = 0; at < GROUPS; at++) {
      rows.keys.begin()
      rows.keys.put(at)
      const hash = rows.keys.hash()
      rows.find(hash)
      rows.begin(hash, (at * 7919) % GROUPS)
    }
    const blocks: Uint8Array[] = []
    const all = Int32Array.from({ length: GROUPS }, (_, row) => row)
    for (let from = 0; from < GROUPS; from += 50) {
      const out = new BlockWriter()
      rows.write(out, all, from, from + 50)
      blocks.push(out.done().slice())
    }
    const source = { bytes: rows.bytes, blocks: () => blocks, remove: () => {} }
    const appended = vi.spyOn(ByteFile.prototype, 'append')
    const here = { rows: new GroupRows([]), memory }
    let next = 0
    for (const { rows: some, order } of rangeInOrder(here, [source], { from: 0, span: GROUPS }))
      for (let at = 0; at < order.length; at++)
        if (some.places[order[at]!] !== next++) expect(some.places[order[at]!]).toBe(next - 1)
    expect(next).toBe(GROUPS)
    const { count } = rangesOf(GROUPS, rows.bytes, memory)
    expect(appended.mock.calls.length).toBeLessThan(count * count)
  })
})
