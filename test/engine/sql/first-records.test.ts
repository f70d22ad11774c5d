/** Looks into an SQL stage beside the run: what they give, and that neither an end of the run nor of the process waits. */
import { describe, expect, it } from 'vitest'
import { firstRecords } from '../../../engine/sql/first-records.ts'
import type { Look } from '../../../engine/sql/program-parts.ts'

const look = (sql: string): Look => ({ sql, columns: [{ name: 'n' }], from: 'file' })
/** Takes half a minute, so that a test that waits for its end fails. */
const LONG = look('SELECT sum(a.range * b.range)::DOUBLE AS o0 FROM range(60000) a, range(60000) b')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('the first records of a statement', () => {
  it('are at most 200, in their order', async () => {
    const { signal } = new AbortController()
    const many = await firstRecords(look('SELECT range::DOUBLE AS o0 FROM range(100000)'), signal)
    expect(many).toEqual(Array.from({ length: 200 }, (_, n) => ({ n })))
    expect(await firstRecords(look('SELECT 1::DOUBLE AS o0 WHERE false'), signal)).toEqual([])
  })

  it.each([0, 1, 5, 20, 100])('end when they are told to, %i ms after the start', async (ms) => {
    const abort = new AbortController()
    const reading = firstRecords(LONG, abort.signal).catch((error: Error) => error)
    if (ms > 0) await pause(ms)
    abort.abort()
    expect(await reading).toBeInstanceOf(Error)
  })

  it('end with the process, which would wait for DuckDB', async () => {
    const before = process.listeners('exit')
    const reading = firstRecords(LONG, new AbortController().signal).catch((error: Error) => error)
    await pause(150)
    const added = process.listeners('exit').filter((listener) => !before.includes(listener))
    expect(added).toHaveLength(1)
    added[0]!(0)
    expect(String(await reading)).toContain('INTERRUPT')
    expect(process.listeners('exit')).toEqual(before)
  })
})
