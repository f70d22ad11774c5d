/** Derive, select, flat-map, filter and parse: the cases that examples would be too long for. */
import { expect, test } from 'vitest'
import { derive } from '../../../engine/nodes/processors/derive.ts'
import { flatMap } from '../../../engine/nodes/processors/flat-map.ts'
import { parse } from '../../../engine/nodes/processors/parse.ts'
import { select } from '../../../engine/nodes/processors/select.ts'
import { sort } from '../../../engine/nodes/processors/sort.ts'
import { top } from '../../../engine/nodes/processors/top.ts'
import type { AnyNodeType } from '../../../engine/spec/node.ts'
import { runOneNode } from '../one-node.ts'

async function through(type: AnyNodeType, config: Record<string, unknown>, ...records: unknown[]) {
  const { out, outcome } = await runOneNode(type, { config, input: { in: [records] } })
  expect(outcome).toEqual({ phase: 'done' })
  return out
}
const problems = (type: AnyNodeType, config: object) => type.check!(type.config.parse(config))
const keysOf = (out: Record<string, unknown[]>) => Object.keys(out['out']![0] as object)

test('derive leaves the record alone and keeps the place of a replaced field', async () => {
  const record = Object.freeze({ a: 1, b: 2 })
  const out = await through(
    derive,
    {
      fields: [
        { field: 'a', value: '9' },
        { field: 'c', value: 'record.a' },
      ],
    },
    record,
  )
  expect(out).toEqual({ out: [{ a: 9, b: 2, c: 9 }] })
  expect(keysOf(out)).toEqual(['a', 'b', 'c'])
})

test('derive sets a field called __proto__ like any other', async () => {
  const { out } = await through(derive, { fields: [{ field: '__proto__', value: '1' }] }, { a: 1 })
  expect(JSON.stringify(out)).toBe('[{"a":1,"__proto__":1}]')
})

test('select gives kept fields in the given order', async () => {
  expect(keysOf(await through(select, { keep: ['b', 'a'] }, { a: 1, b: 2, c: 3 }))).toEqual(['b', 'a'])
})

test('select swaps two names, and a renamed field takes the place of another', async () => {
  const swap = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]
  expect(await through(select, { rename: swap }, { a: 1, b: 2 })).toEqual({ out: [{ b: 1, a: 2 }] })
  const rename = [{ from: 'a', to: 'b' }]
  expect(await through(select, { rename }, { a: 1, b: 2 }, { b: 2, a: 1 }, { b: 2 })).toEqual({
    out: [{ b: 1 }, { b: 1 }, { b: 2 }],
  })
  expect(await through(select, { keep: ['a'], rename }, { a: 1, b: 2 })).toEqual({ out: [{ b: 1 }] })
})

test('select takes inherited names for missing ones', async () => {
  expect(await through(select, { keep: ['toString', 'a'] }, { a: 1 })).toEqual({ out: [{ a: 1 }] })
})

test('select refuses settings that would lose a field', () => {
  expect(problems(select, { keep: ['a'], drop: ['a'] })).toHaveProperty(['drop.0'])
  expect(problems(select, { keep: ['a'], rename: [{ from: 'b', to: 'c' }] })).toHaveProperty([
    'rename.0.from',
  ])
  expect(problems(select, { drop: ['b'], rename: [{ from: 'b', to: 'c' }] })).toHaveProperty([
    'rename.0.from',
  ])
  expect(
    problems(select, {
      rename: [
        { from: 'a', to: 'c' },
        { from: 'b', to: 'c' },
      ],
    }),
  ).toHaveProperty(['rename.1.to'])
  expect(problems(select, { keep: ['a', 'c'], rename: [{ from: 'a', to: 'c' }] })).toHaveProperty(['keep.1'])
})

test('flat-map takes any iterable, and nothing of one that fails half-way', async () => {
  expect(await through(flatMap, { list: 'new Set(record)' }, [1, 1, 2])).toEqual({ out: [1, 2] })
  const half = '(function* () { yield 1; throw new Error("half-way") })()'
  expect(await through(flatMap, { list: half }, 0)).toMatchObject({
    error: [{ reason: 'half-way', field: 'list' }],
  })
  const endless = '(function* () { for (;;) yield 1 })()'
  expect(await through(flatMap, { list: endless }, 0)).toMatchObject({
    error: [{ reason: 'the expression gave more than 1000000 elements' }],
  })
})

test('flat-map passes on more records than a batch holds', async () => {
  const { out } = await through(flatMap, { list: 'Array.from({ length: 5000 }, (_, i) => i)' }, 0)
  expect(out).toEqual(Array.from({ length: 5000 }, (_, i) => i))
})

test('parse says what it got where text was expected', async () => {
  const { error } = await through(parse, {}, 5, { line: '{}' }, null)
  expect(error).toMatchObject([
    { reason: 'the record is the number 5, not text' },
    { reason: 'the record is an object, not text; set “field” to the one that holds the text' },
    { reason: 'the record is null, not text' },
  ])
  const inField = await through(parse, { field: 'line' }, { line: 7 }, {}, 'text')
  expect(inField['error']).toMatchObject([
    { reason: 'the field "line" is the number 7, not text' },
    { reason: 'the field "line" is nothing, not text' },
    { reason: 'the record is the text "text", so it has no field "line"' },
  ])
})

test('parse keeps other fields only when asked, and parsed ones win', async () => {
  const record = { id: 1, line: '{"id":2,"x":3}' }
  expect(await through(parse, { field: 'line' }, record)).toEqual({ out: [{ id: 2, x: 3 }] })
  expect(await through(parse, { field: 'line', keep: true }, record)).toEqual({ out: [{ id: 2, x: 3 }] })
  expect(await through(parse, { field: 'line', keep: true }, { id: 1, line: '[1]' })).toEqual({
    out: [{ id: 1, line: [1] }],
  })
})

test('parse gives null for a group that took no part, and refuses patterns that give nothing', async () => {
  expect(await through(parse, { as: 'regex', pattern: '(?<a>x)|(?<b>y)' }, 'y')).toEqual({
    out: [{ a: null, b: 'y' }],
  })
  expect(problems(parse, { as: 'regex' })).toEqual({
    pattern: 'Type a pattern with named groups: (?<name>…).',
  })
  expect(problems(parse, { as: 'regex', pattern: '(?<=x)y' })).toEqual({
    pattern: 'Name at least one group: (?<name>…).',
  })
  expect(problems(parse, { as: 'regex', pattern: '(?<a>' })['pattern']).toMatch(/^Invalid regular expression/)
  expect(problems(parse, { as: 'csv' })).toEqual({ columns: 'Name the columns of a row.' })
  expect(problems(parse, { as: 'csv', columns: ['a', 'a'] })).toEqual({
    columns: 'Two columns have the same name.',
  })
})

test('sort and top agree, ties and odd values included', async () => {
  const records = [3, null, 'n/a', 7, 3, NaN, undefined, 7].map((value, id) => ({ id, value }))
  for (const order of ['asc', 'desc']) {
    const sorted = await through(sort, { by: [{ field: 'value', order }] }, ...records)
    for (const n of [1, 3, 20]) {
      expect((await through(top, { by: 'value', order, n }, ...records))['out']).toEqual(
        sorted['out']!.slice(0, n),
      )
    }
  }
})

test('sort and top refuse objects where no field is named', async () => {
  const reason = 'the record is an object, which has no order; name the field to compare'
  expect(await through(sort, {}, { a: 1 })).toMatchObject({ error: [{ reason }] })
  expect(await through(top, {}, { a: 1 })).toMatchObject({ error: [{ reason }] })
})

test('sort fails with a remedy when there is more than it may hold', async () => {
  const { outcome } = await runOneNode(sort, { config: { maxRecords: 2 }, input: { in: [[1, 2, 3]] } })
  expect(outcome).toMatchObject({
    phase: 'failed',
    error: {
      at: { node: 'sort', field: 'maxRecords' },
      remedy: expect.stringContaining('raise “maxRecords”'),
    },
  })
})
