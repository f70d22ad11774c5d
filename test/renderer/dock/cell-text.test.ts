/** Text of a grid's cell, and of copied rows. */
import { describe, expect, test } from 'vitest'
import { cellOf, countText, numberText, valueIn } from '../../../renderer/dock/cell-text.ts'
import { ColumnTally } from '../../../renderer/dock/columns.ts'
import type { Column } from '../../../renderer/dock/columns.ts'
import { rowsAsCsv, rowsAsJson } from '../../../renderer/dock/rows-text.ts'

function columnsFor(...records: unknown[]): Column[] {
  const tally = new ColumnTally()
  tally.add(records)
  return tally.columns()
}

function textOf(record: unknown): string[] {
  return columnsFor(record).map((column) => cellOf(valueIn(record, column), column).text)
}

describe('a cell', () => {
  test('sets thousands apart with a narrow space that never breaks', () => {
    expect(numberText(2_377_114, true)).toBe('2\u202f377\u202f114')
    expect(numberText(-1234.5678, true)).toBe('-1\u202f234.5678')
    expect(numberText(999, true)).toBe('999')
    expect(numberText(1e21, true)).toBe('1e+21')
    expect(numberText(2015, false)).toBe('2015')
    expect(countText(10_000)).toBe('10\u202f000')
  })

  test('shows null, an empty text and a missing field quietly, and each differently', () => {
    const [column] = columnsFor({ a: 1 })
    if (!column) throw new Error('no column')
    expect(cellOf(null, column)).toEqual({ text: 'null', quiet: true })
    expect(cellOf('', column)).toEqual({ text: '""', quiet: true })
    expect(cellOf(valueIn({}, column), column)).toEqual({ text: '', quiet: true })
    expect(cellOf('null', column)).toEqual({ text: 'null', quiet: false })
  })

  test('stays on one line and is cut where a value is long', () => {
    expect(textOf({ a: 'one\ntwo\r\nthree\tfour' })).toEqual(['one↵two↵three⇥four'])
    expect(textOf({ a: 'x'.repeat(5000) })[0]).toHaveLength(301)
    expect(textOf({ a: { b: [1, 2] } })).toEqual(['{"b":[1,2]}'])
  })

  test('reads only own fields of a record', () => {
    const [column] = columnsFor({ toString: 1 })
    if (!column) throw new Error('no column')
    expect(valueIn({}, column)).toBeUndefined()
  })

  test('shows the record itself in the value column', () => {
    expect(textOf('a line')).toEqual(['a line'])
    expect(textOf([1, 2])).toEqual(['[1,2]'])
  })
})

describe('copied rows', () => {
  test('are a list as JSON, and one alone is itself', () => {
    expect(JSON.parse(rowsAsJson([{ n: 12_345 }, { n: 2 }]))).toEqual([{ n: 12_345 }, { n: 2 }])
    expect(JSON.parse(rowsAsJson([{ n: 1 }]))).toEqual({ n: 1 })
  })

  test('keep plain digits and quote what CSV must quote', () => {
    const records = [
      { n: 12_345, text: 'a "b", c' },
      { n: null, text: 'two\nlines', more: { x: 1 } },
    ]
    expect(rowsAsCsv(records, columnsFor(...records))).toBe(
      'n,text,more\r\n12345,"a ""b"", c",\r\n,"two\nlines","{""x"":1}"\r\n',
    )
  })
})
