/** Pure parts of the Problems and Log tabs, the notes, and the rate of requests. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Problem, RunState } from '../../../engine/host/protocol.ts'
import { logRows } from '../../../renderer/dock/log-rows.ts'
import { poll } from '../../../renderer/dock/poll.ts'
import { problemCount, problemRows } from '../../../renderer/dock/problem-rows.ts'
import { rowsNote } from '../../../renderer/dock/rows-note.ts'

const WARNING: Problem = {
  code: 'unknown-key',
  severity: 'warning',
  at: {},
  message: '"colour" is not known.',
  remedy: 'Remove it.',
}
const MISTAKE: Problem = {
  code: 'bad-expression',
  severity: 'error',
  at: { node: 'keep', field: 'when', line: 1, column: 8 },
  message: 'Unexpected token.',
  remedy: 'Mend the expression.',
}
const FAILED: RunState = {
  runId: 'r1',
  phase: 'failed',
  name: 'Flow',
  startedAt: 0,
  plan: { nodes: [], edges: [], stages: [] },
  tables: [],
  error: {
    code: 'record',
    message: 'x is not defined',
    remedy: 'Wire the error port.',
    at: { node: 'keep', field: 'when', recordNumber: 7 },
    record: { a: 1 },
  },
}

describe('problem rows', () => {
  test('start with what ended the run, then errors, then warnings', () => {
    const rows = problemRows([WARNING, MISTAKE], FAILED)
    expect(rows.map((row) => [row.severity, row.where])).toEqual([
      ['error', 'keep.when, record 7'],
      ['error', 'keep.when, line 1:8'],
      ['warning', ''],
    ])
    expect(rows[0]?.record).toBe('{"a":1}')
    expect(problemCount(rows)).toBe('2 errors, 1 warning')
  })

  test('say where an edge runs', () => {
    const [row] = problemRows([{ ...WARNING, at: { edge: 'a.out->b.in' } }], null)
    expect(row?.where).toBe('a.out → b.in')
    expect(problemCount([])).toBe('no problems')
  })
})

describe('log rows', () => {
  test('split printed blocks into lines and keep empty ones inside', () => {
    const rows = logRows([{ time: 0, level: 'output', node: 'out', text: 'one\n\nthree\n' }])
    expect(rows.map((row) => row.text)).toEqual(['one', '', 'three'])
    expect(rows.map((row) => row.node)).toEqual(['out', '', ''])
    expect(rows[0]?.time).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
  })
})

describe('the note of a table', () => {
  test('says when rows were not kept or cannot be shown', () => {
    expect(rowsNote({ shown: 1, head: 1, stored: 1, total: 1 })).toBe('1 row')
    expect(rowsNote({ shown: 5, head: 3, stored: 5, total: 5 })).toBe('5 rows')
    expect(rowsNote({ shown: 100, head: 100, stored: 100, total: 20_000 })).toBe(
      'first 100 of 20\u202f000 rows kept',
    )
    expect(rowsNote({ shown: 110, head: 100, stored: 110, total: 20_000 })).toBe(
      'first 100 and last 10 of 20\u202f000 rows kept',
    )
    expect(rowsNote({ shown: 10, head: 100, stored: 100, total: 100 })).toBe(
      'first 10 of 100 kept rows shown · 100 arrived',
    )
  })
})

describe('polling', () => {
  afterEach(() => vi.useRealTimers())

  test('starts at once, keeps its distance and has one request under way', async () => {
    vi.useFakeTimers()
    let finish = () => {}
    const task = vi.fn<() => Promise<void>>(() => new Promise<void>((resolve) => (finish = resolve)))
    const stop = poll(task, 250, () => true)
    expect(task).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(task).toHaveBeenCalledTimes(1)
    finish()
    await vi.advanceTimersByTimeAsync(1)
    expect(task).toHaveBeenCalledTimes(2)
    finish()
    await vi.advanceTimersByTimeAsync(240)
    expect(task).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(10)
    expect(task).toHaveBeenCalledTimes(3)
    stop()
    finish()
    await vi.advanceTimersByTimeAsync(1000)
    expect(task).toHaveBeenCalledTimes(3)
  })

  test('rests while nobody looks, and outlives a failure', async () => {
    vi.useFakeTimers()
    let seen = false
    const task = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('no')))
    const stop = poll(task, 250, () => seen)
    await vi.advanceTimersByTimeAsync(1000)
    expect(task).not.toHaveBeenCalled()
    seen = true
    await vi.advanceTimersByTimeAsync(500)
    expect(task).toHaveBeenCalledTimes(2)
    stop()
  })
})
