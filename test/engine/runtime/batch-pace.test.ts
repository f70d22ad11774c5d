/** How many records the next batch of a source had best have. */
import { expect, test } from 'vitest'
import { BatchPace } from '../../../engine/runtime/batch-pace.ts'

/** The lengths that a source is told while it sends a batch every so many ms. */
function lengths(pace: BatchPace, everyMs: number, batches: number, from = 0): number[] {
  return Array.from({ length: batches }, (_, at) => {
    pace.sends(from + at * everyMs)
    return pace.records
  })
}

test('batches that pass fast become longer, up to a bound', () => {
  expect(lengths(new BatchPace(), 0.01, 6)).toEqual([1024, 2048, 4096, 8192, 8192, 8192])
})

test('batches that take their time stay as they are', () => {
  expect(lengths(new BatchPace(), 0.5, 3)).toEqual([1024, 1024, 1024])
})

test('slow code behind a source that was fast gets short batches again', () => {
  const pace = new BatchPace()
  lengths(pace, 0.01, 4)
  expect(lengths(pace, 2, 2, 10)).toEqual([1024, 1024])
})

test('where there was no room the next batch is a short one', () => {
  const pace = new BatchPace()
  lengths(pace, 0.01, 4)
  pace.waits()
  expect(lengths(pace, 0.01, 2, 50)).toEqual([1024, 2048])
})

test('a rest says nothing about how fast batches pass', () => {
  const pace = new BatchPace()
  lengths(pace, 0.01, 3)
  pace.rests()
  expect(lengths(pace, 0.01, 2, 50)).toEqual([4096, 8192])
})
