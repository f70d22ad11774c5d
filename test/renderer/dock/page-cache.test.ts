/** The pages of a table. */
import { describe, expect, test, vi } from 'vitest'
import { MAX_PAGES, PAGE_ROWS, PageCache } from '../../../renderer/dock/page-cache.ts'
import type { Page } from '../../../renderer/dock/page-cache.ts'

/** A table of `size` rows, each its own number; replies wait until they are let go where `held` is true. */
function table(size: number) {
  const asked: number[] = []
  const state = { size, held: false, fail: false }
  const waiting: (() => void)[] = []
  const changed = vi.fn<(added: readonly unknown[]) => void>()
  const cache = new PageCache(async (offset, limit): Promise<Page> => {
    asked.push(offset)
    if (state.held) await new Promise<void>((resolve) => waiting.push(resolve))
    if (state.fail) throw new Error('The engine is not connected.')
    const count = Math.max(0, Math.min(limit, state.size - offset))
    return {
      rows: Array.from({ length: count }, (_, index) => offset + index),
      head: state.size,
      stored: state.size,
      total: state.size,
    }
  }, changed)
  return { cache, asked, state, waiting, changed }
}

/** Lets every reply that is on its way arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
}

describe('a page cache', () => {
  test('fetches the pages that are looked at, once each', async () => {
    const { cache, asked } = table(100_000)
    await cache.refresh()
    cache.look(41_990, 42_010)
    await settle()
    cache.look(41_995, 42_015)
    await settle()
    expect(asked).toEqual([0, 41_000, 42_000])
    expect(cache.row(42_007)).toEqual({ record: 42_007 })
    expect(cache.row(50_000)).toBeUndefined()
    expect(cache.stored).toBe(100_000)
  })

  test('has one request under way and then asks for where the scroll has come to rest', async () => {
    const { cache, asked, state, waiting } = table(100_000)
    await cache.refresh()
    state.held = true
    for (const row of [10_000, 20_000, 30_000, 40_000, 99_990]) cache.look(row, row + 9)
    await settle()
    expect(asked).toEqual([0, 10_000])
    state.held = false
    waiting.forEach((go) => go())
    await settle()
    expect(asked).toEqual([0, 10_000, 99_000])
  })

  test('forgets the pages that were left longest ago', async () => {
    const { cache } = table(100_000)
    await cache.refresh()
    for (let page = 0; page < MAX_PAGES + 10; page++) {
      cache.look(page * PAGE_ROWS, page * PAGE_ROWS + 20)
      await settle()
    }
    expect(cache.size).toBe(MAX_PAGES)
    expect(cache.row(0)).toBeUndefined()
    expect(cache.row((MAX_PAGES + 9) * PAGE_ROWS)).toBeDefined()
  })

  test('completes its last page when the table has grown', async () => {
    const { cache, state, changed } = table(1500)
    await cache.refresh()
    cache.look(1490, 1499)
    await settle()
    state.size = 1700
    await cache.refresh()
    await settle()
    expect(cache.stored).toBe(1700)
    expect(cache.row(1699)).toEqual({ record: 1699 })
    expect(changed.mock.lastCall?.[0]).toHaveLength(200)
  })

  test('reads a range through its pages and past them', async () => {
    const { cache, asked } = table(3500)
    await cache.refresh()
    expect(await cache.read(990, 3499)).toEqual(Array.from({ length: 2510 }, (_, index) => 990 + index))
    expect(asked).toEqual([0, 1000, 2000, 3000])
  })

  test('says why it failed and goes on when asked again', async () => {
    const { cache, state } = table(10)
    state.fail = true
    await cache.refresh()
    expect(cache.error?.message).toBe('The engine is not connected.')
    state.fail = false
    await cache.refresh()
    expect(cache.error).toBeNull()
    expect(cache.row(9)).toEqual({ record: 9 })
  })

  test('does not ask for ever for rows that were promised and never come', async () => {
    let asked = 0
    const cache = new PageCache(
      async () => {
        asked++
        return { rows: [1], head: 10, stored: 10, total: 10 }
      },
      () => undefined,
    )
    await cache.refresh()
    await settle()
    expect(asked).toBe(2)
  })

  test('asks again for the newest rows and knows where they stand', async () => {
    let total = 5000
    const cache = new PageCache(
      async (offset, limit) => {
        const rows = Array.from({ length: 1100 }, (_, index) => (index < 1050 ? index : total - 1100 + index))
        return { rows: rows.slice(offset, offset + limit), head: 1050, stored: 1100, total }
      },
      () => undefined,
    )
    await cache.refresh()
    cache.look(0, 1099)
    await settle()
    expect(cache.row(1099)).toEqual({ record: 4999 })
    expect(cache.numberOf(1099)).toBe(4999)
    expect(cache.numberOf(1049)).toBe(1049)
    total = 9000
    await cache.refresh()
    await settle()
    expect(cache.row(1099)).toEqual({ record: 8999 })
    expect(cache.row(1049)).toEqual({ record: 1049 })
    expect(cache.numberOf(1099)).toBe(8999)
  })

  test('ignores replies after it was closed', async () => {
    const { cache, state, waiting, changed } = table(10)
    state.held = true
    void cache.refresh()
    await settle()
    cache.close()
    waiting.forEach((go) => go())
    await settle()
    expect(changed).not.toHaveBeenCalled()
  })
})
