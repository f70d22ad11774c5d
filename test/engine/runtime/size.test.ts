/** Bytes of records: what bounds a queue looks at every batch, what is only shown looks now and then. */
import { describe, expect, test } from 'vitest'
import { batchBytes, GlanceSize } from '../../../engine/runtime/size.ts'

const texts = (count: number, length: number) => Array.from({ length: count }, () => 'x'.repeat(length))

describe('the bytes that bound a queue', () => {
  test('see every text, also one long text among short ones', () => {
    expect(batchBytes(['a', ...texts(500, 1), 'x'.repeat(1e6), ...texts(500, 1)])).toBeGreaterThan(1e6)
  })

  test('see large records behind a number', () => {
    const large = Array.from({ length: 500 }, () => ({ text: 'x'.repeat(1000) }))
    expect(batchBytes([1, ...large])).toBeGreaterThan(400_000)
  })

  test('of numbers are eight each', () => {
    expect(batchBytes([1, 2, 3])).toBe(24)
    expect(batchBytes(Array.from({ length: 1024 }, (_, i) => i))).toBe(8192)
  })
})

describe('the bytes that are shown', () => {
  test('are those of the batch where batches are alike', () => {
    const size = new GlanceSize()
    for (let i = 0; i < 40; i++) expect(size.of(texts(100 + i, 50))).toBe(batchBytes(texts(100 + i, 50)))
  })

  test('follow within sixteen batches where records change', () => {
    const size = new GlanceSize()
    for (let i = 0; i < 16; i++) size.of(texts(10, 10))
    expect(size.of(texts(10, 1000))).toBe(batchBytes(texts(10, 1000)))
  })
})
