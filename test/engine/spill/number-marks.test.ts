/** Marks of numbers, as bits and on disk. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberMarks } from '../../../engine/spill/number-marks.ts'
import { littleMemory } from './little-memory.ts'

test('numbers that were added are marked, and no others', () => {
  const drawn = fc.uniqueArray(fc.nat({ max: 4999 }), { maxLength: 3000 })
  fc.assert(
    fc.property(drawn, fc.constantFrom(100, 10_000), (numbers, bytes) => {
      const memory = littleMemory(bytes)
      const marks = new NumberMarks(memory, 5000)
      for (const number of numbers) marks.add(number)
      const isMarked = marks.inOrder()
      const found = Array.from({ length: 5000 }, (_, number) => number).filter(() => isMarked())
      expect(found).toEqual(numbers.toSorted((a, b) => a - b))
      expect(memory.onDisk).toBe(bytes === 100 && numbers.length > 0)
      marks.clear()
      expect(memory.files()).toEqual([])
    }),
    { numRuns: 40 },
  )
})
