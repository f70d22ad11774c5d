/** Columns of the records grid. */
import { describe, expect, test } from 'vitest'
import { ColumnTally, MAX_COLUMNS } from '../../../renderer/dock/columns.ts'

function columnsOf(records: readonly unknown[], declared: readonly string[] = []) {
  const tally = new ColumnTally()
  tally.declare(declared)
  tally.add(records)
  return tally
}

describe('columns', () => {
  test('stand in the order in which the fields were first seen, with the type of their values', () => {
    const records = [
      { path: '/', status: 200, time: 1.5, ok: true, tags: ['a'], geo: { lat: 1 }, empty: null },
      { path: '/x', status: 404, time: 2, ok: false, tags: [], geo: {}, empty: null, late: 'yes' },
    ]
    expect(
      columnsOf(records)
        .columns()
        .map(({ name, type, numeric }) => [name, type, numeric]),
    ).toEqual([
      ['path', 'text', false],
      ['status', 'int', true],
      ['time', 'number', true],
      ['ok', 'bool', false],
      ['tags', 'list', false],
      ['geo', 'object', false],
      ['empty', 'null', false],
      ['late', 'text', false],
    ])
  })

  test('call a field mixed when its values are of several types, and ignore null', () => {
    const types = columnsOf([
      { a: 1, b: null },
      { a: 'x', b: 7 },
    ]).columns()
    expect(types.map((column) => column.type)).toEqual(['mixed', 'int'])
  })

  test('give records that are no objects one value column', () => {
    const [value, ...others] = columnsOf([1, 4, 9, 16]).columns()
    expect(value).toMatchObject({ name: 'value', self: true, type: 'int', numeric: true })
    expect(others).toEqual([])
  })

  test('put the value column before the fields where both kinds of record come', () => {
    expect(
      columnsOf([{ a: 1 }, 'text'])
        .columns()
        .map((column) => [column.name, column.self]),
    ).toEqual([
      ['value', true],
      ['a', false],
    ])
  })

  test('tell a field called value from the record itself', () => {
    expect(columnsOf([{ value: 1 }]).columns()).toMatchObject([{ name: 'value', self: false }])
  })

  test('start with the reason where every record left by an error port', () => {
    const failed = { record: 'x', number: 3, line: 7, node: 'parse', reason: 'no JSON' }
    const tally = columnsOf([failed])
    expect(tally.onlyErrors).toBe(true)
    expect(tally.columns().map((column) => column.name)).toEqual([
      'reason',
      'node',
      'number',
      'line',
      'record',
    ])
    tally.add([{ reason: 'because' }])
    expect(tally.onlyErrors).toBe(false)
  })

  test('set thousands apart only in columns that have them, so that years stay whole', () => {
    const grouped = columnsOf([{ year: 2015, bytes: 203_023 }]).columns()
    expect(grouped.map((column) => column.grouped)).toEqual([false, true])
  })

  test('grow with what comes later and never become narrower', () => {
    const tally = columnsOf([{ path: '/a-rather-long-path-to-something' }])
    const before = tally.columns()[0]?.width ?? 0
    tally.add([{ path: '/' }])
    expect(tally.columns()[0]?.width).toBe(before)
    tally.add([{ path: '/an-even-longer-path-to-something-else.html' }])
    expect(tally.columns()[0]?.width).toBeGreaterThan(before)
  })

  test('end at a limit and say so', () => {
    const wide = Object.fromEntries(
      Array.from({ length: MAX_COLUMNS + 5 }, (_, index) => [`f${index}`, index]),
    )
    const tally = columnsOf([wide])
    expect(tally.columns()).toHaveLength(MAX_COLUMNS)
    expect(tally.truncated).toBe(true)
    expect(columnsOf([{ a: 1 }]).truncated).toBe(false)
  })
})
