/** What counts as only reading fields of the record. */
import { expect, test } from 'vitest'
import { onlyReadsFields } from '../../../engine/spec/plain-reads.ts'

test.each([
  '1',
  'record.a',
  'record.a * record.b - 1',
  'record["a b"]',
  'record[record.name]',
  'record?.a?.b',
  'record.a.trim().length',
  '-record.a',
  'typeof record.a',
  '[record.a, { b: `${record.b}` }]',
  'list.map(x => x + record.a)',
  'x.record.a',
  'delete record.a.b',
  '(record.a.b = 1)',
])('%s only reads', (source) => {
  expect(onlyReadsFields(source)).toBe(true)
})

test.each([
  'record',
  '({ ...record })',
  '({ record })',
  '"a" in record',
  'f(record)',
  'record.a()',
  'record.a?.()',
  '(record.a)()',
  'record.a`text`',
  'record.a = 1',
  'record.a += 1',
  'record.a++',
  'delete record.a',
  'delete record?.a',
  '[record.a] = [1]',
  '({ x: record.a } = y)',
  '({ x: record.a = 2 } = y)',
  '([...record.a] = y)',
  '(() => { for (record.a of [1]) ; })()',
  '(() => { for (record.a in {}) ; })()',
  'this.a',
  'arguments[0]',
  'eval("record")',
  'record = 1',
  '(record => record)(1)',
])('%s may do more', (source) => {
  expect(onlyReadsFields(source)).toBe(false)
})
