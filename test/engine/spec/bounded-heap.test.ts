/** The first few of many: the same as sorting everything. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedHeap } from '../../../engine/spec/bounded-heap.ts'

test('keeps what sorting all and cutting would keep', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 1, max: 9 }), (values, size) => {
      const heap = new BoundedHeap<number>(size, (a, b) => a - b)
      for (const value of values) heap.add(value)
      const kept = values.sort((a, b) => a - b).slice(0, size)
      expect(heap.sorted()).toEqual(kept)
      expect(heap.last).toBe(kept.length === size ? kept.at(-1) : undefined)
    }),
    { seed: 7, numRuns: 500 },
  )
})
