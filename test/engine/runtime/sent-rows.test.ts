/** Rows that cannot leave their thread as they are leave as JSON, and those beside them as they are. */
import { describe, expect, it } from 'vitest'
import { sentRows } from '../../../engine/runtime/sent-rows.ts'
import { NodeError } from '../../../engine/spec/node-error.ts'

describe('rows on their way to another thread', () => {
  it('stay as they are but for those that hold a function', () => {
    const rows = [{ big: 10n }, { call: () => 1, at: 2 }, { nothing: NaN }, 'text', undefined]
    expect(sentRows(rows)).toEqual([{ big: 10n }, { at: 2 }, { nothing: NaN }, 'text', undefined])
  })

  it('fail by name where they can neither leave nor be written', () => {
    expect(() => sentRows([{ call: () => 1, big: 10n }])).toThrow(NodeError)
    expect(() => sentRows([() => 1])).toThrow(/cannot be written as JSON/)
  })
})
