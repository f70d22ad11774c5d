/** Conditions over columns give what they give over records. */
import { describe, expect, it } from 'vitest'
import {
  columnCode,
  columnFilter,
  type ColumnView,
  type RowsView,
} from '../../../engine/kernel/column-code.ts'
import {
  GONE_UNSURE,
  KIND_FALSE,
  KIND_MISSING,
  KIND_NULL,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  KIND_TRUE,
  ROW_ODD,
} from '../../../engine/kernel/layout.ts'
import { fieldReads } from '../../../engine/kernel/read-fields.ts'
import { compileExpression } from '../../../engine/spec/expression.ts'

type Fields = Record<string, unknown>
const FIELDS = ['status', 'user', 'a b', 'tags']
const columnOf = (name: string) => FIELDS.indexOf(name)

function viewOf(records: readonly Fields[], ascii: boolean): RowsView {
  const rows = records.length
  const bytes = Buffer.alloc(64 * 1024)
  let at = 0
  const column = (name: string): ColumnView => {
    const view: ColumnView = {
      kind: new Uint8Array(rows),
      start: new Uint32Array(rows),
      end: new Uint32Array(rows),
      num: new Float64Array(rows),
    }
    records.forEach((record, row) => {
      const value = record[name]
      view.kind[row] = kindOf(value)
      if (typeof value === 'number') view.num[row] = value
      view.start[row] = at
      if (typeof value === 'string') at += bytes.write(value, at)
      if (typeof value === 'object' && value !== null) at += bytes.write(JSON.stringify(value), at)
      view.end[row] = at
    })
    return view
  }
  return {
    rows,
    flag: new Uint8Array(rows),
    gone: new Uint8Array(rows),
    columns: FIELDS.map(column),
    bytes,
    ascii,
  }
}

function kindOf(value: unknown): number {
  if (value === undefined) return KIND_MISSING
  if (value === null) return KIND_NULL
  if (typeof value === 'string') return KIND_TEXT
  if (typeof value === 'number') return KIND_NUMBER
  if (typeof value === 'boolean') return value ? KIND_TRUE : KIND_FALSE
  return KIND_OTHER
}

const VALUES: unknown[] = [
  undefined,
  null,
  0,
  -0,
  200,
  200.5,
  '',
  '200',
  'ada',
  'adah',
  true,
  false,
  ['x'],
  { x: 1 },
]
const RECORDS: Fields[] = VALUES.flatMap((status) =>
  VALUES.map((user) => ({ status, user, 'a b': status, tags: user })),
)

const CONDITIONS = [
  'record.status === 200',
  'record.status >= 200 && record.user !== "ada"',
  `'ada' === record.user || record['status'] == null`,
  'record["a b"] > 100 ? record.user : record.status',
  'record.user.startsWith("a") // those whose name begins with a',
  'record.tags?.x === 1',
  'record.tags[0] === "x"',
  '!record.status',
  '-record.status < 0',
  'typeof record.user === "string"',
  '[1, 200].some((n) => n === record.status)',
  '["ada", "x"].includes(record.user)',
  'Math.max(record.status, 3) > Number(record.user)',
  '/^ad/.test(record.user)',
  '`${record.status}` === "200"',
  'new Date(record.status).getTime() === 200',
  '({ status: 1 }).status === record.status',
  'record.status === undefined',
  'record.status',
]

describe('conditions over columns', () => {
  it.each(CONDITIONS)('%s', (condition) => {
    const holds = compileExpression(condition)
    const filter = columnFilter(condition, columnOf, (text) => JSON.parse(text) as unknown)!
    for (const ascii of [true, false]) {
      const view = viewOf(RECORDS, ascii)
      view.flag[3] = ROW_ODD
      view.gone[5] = 9
      filter(view, 7)
      RECORDS.forEach((record, row) => {
        let expected: number
        try {
          expected = holds(record) ? 0 : 7
        } catch {
          expected = GONE_UNSURE
        }
        if (row === 3) expected = 0
        if (row === 5) expected = 9
        expect([record, view.gone[row]]).toEqual([record, expected])
      })
    }
  })

  it('read text that is not ASCII', () => {
    const filter = columnFilter('record.user === "größe" && record.user.length === 5', columnOf, JSON.parse)!
    const view = viewOf([{ user: 'größe' }, { user: 'grösse' }, { user: 'gr' }], false)
    filter(view, 1)
    expect([...view.gone]).toEqual([0, 1, 1])
  })

  it.each([
    'record',
    'record[name]',
    'record.constructor === Object',
    '"x" in record',
    'record.count++',
    'record.a = 1',
    'seen.add(record.a)',
    'globalThis.count',
    'console.log(record.a)',
    '(() => { return record.a })()',
    'record.a()',
    'Object.keys(record).length',
    'process.exit()',
    'weir_row',
    'record.\\u0061',
    'fetch(record.a)',
    'record.a ===',
  ])('%s needs the record, or more', (condition) => {
    expect(columnCode(condition, () => 0)).toBeUndefined()
  })

  it('name the fields they read', () => {
    expect(fieldReads('record.a > 1 && record["b"].c === record.a')?.map(({ name }) => name)).toEqual([
      'a',
      'b',
      'a',
    ])
  })
})
