/** Partitions hold every value once, all values of a key together, each as small as it can be. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../../engine/spec/identity.ts'
import type { Key } from '../../../engine/spec/identity.ts'
import { hashKey } from '../../../engine/spill/hash-key.ts'
import { HashPartitions } from '../../../engine/spill/hash-partitions.ts'
import { littleMemory } from './little-memory.ts'

interface Entry {
  key: Key
  at: number
}
const anyKey = fc.oneof(
  fc.integer({ min: -3, max: 30 }),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, -0, 0, '0', '\u0000'),
)

describe('partitions', () => {
  it('hold every value once, and all of a key in order in one', () => {
    fc.assert(
      fc.property(
        fc.array(anyKey, { size: 'max', maxLength: 800 }),
        fc.integer({ min: 200, max: 5000 }),
        (keys, bytes) => {
          const memory = littleMemory(bytes)
          const entries = keys.map((key, at): Entry => ({ key: keyOf(key), at }))
          const partitions = new HashPartitions<Entry>(memory, ({ key }) => key)
          for (const entry of entries) partitions.add(entry)
          const seen = new Map<Key, Entry[]>()
          for (const partition of partitions.partitions()) {
            const own = new Map<Key, Entry[]>()
            for (const entry of partition?.values ?? [])
              own.set(entry.key, [...(own.get(entry.key) ?? []), entry])
            for (const [key, among] of own) {
              expect(seen.has(key)).toBe(false)
              seen.set(key, among)
            }
            if (own.size > 1) expect(partition!.bytes).toBeLessThanOrEqual(bytes)
          }
          for (const among of seen.values()) expect(among).toEqual(among.toSorted((a, b) => a.at - b.at))
          expect([...seen.values()].flat().toSorted((a, b) => a.at - b.at)).toStrictEqual(entries)
          expect(memory.files()).toEqual([])
        },
      ),
      { numRuns: 12 },
    )
  })

  it('gives a key with too many values as one', () => {
    const partitions = new HashPartitions<Entry>(littleMemory(1000), ({ key }) => key)
    for (let at = 0; at < 500; at++) partitions.add({ key: null, at })
    const [only, ...others] = [...partitions.partitions()]
    expect(only).toMatchObject({ count: 500 })
    expect(others).toEqual([])
  })

  it('leaves no file when the reader leaves', () => {
    const memory = littleMemory(1000)
    const partitions = new HashPartitions<Entry>(memory, ({ key }) => key)
    for (let at = 0; at < 5000; at++) partitions.add({ key: at, at })
    expect(memory.files()).not.toEqual([])
    for (const partition of partitions.partitions()) if (partition) break
    expect(memory.files()).toEqual([])
  })
})

describe('the number of a key', () => {
  it('is spread evenly, and another one for another seed', () => {
    for (const keys of [
      Array.from({ length: 6400 }, (_, i) => i),
      Array.from({ length: 6400 }, (_, i) => `/p/${i}`),
    ]) {
      const files = new Array<number>(64).fill(0)
      for (const key of keys) files[hashKey(key, 1) % 64]!++
      expect(Math.min(...files)).toBeGreaterThan(50)
      expect(Math.max(...files)).toBeLessThan(160)
      const together = keys.filter((key) => hashKey(key, 0) % 64 === 5)
      expect(new Set(together.map((key) => hashKey(key, 1) % 64)).size).toBeGreaterThan(30)
    }
  })

  it('is the same for what a Map takes for one key', () => {
    expect(hashKey(-0)).toBe(hashKey(0))
    expect(hashKey(1)).not.toBe(hashKey('1'))
  })
})
