/** Field types inferred from sample records. */
import { expect, test } from 'vitest'
import { fieldTypes, recordType } from '../../../engine/spec/field-types.ts'

const typesOf = (...records: unknown[]) =>
  Object.fromEntries(fieldTypes(records).map(({ name, type }) => [name, type]))

test('fields keep the order in which they were first seen', () => {
  expect(
    fieldTypes([
      { b: 1, a: 'x' },
      { c: true, a: 'y', b: 2 },
    ]).map(({ name }) => name),
  ).toEqual(['b', 'a', 'c'])
})

test('a field that is null or missing somewhere says so', () => {
  expect(typesOf({ a: null, b: 1 }, { a: 'x' })).toEqual({ a: 'string | null', b: 'number | undefined' })
})

test('values of several types make a union in a fixed order', () => {
  expect(typesOf({ a: true }, { a: 1 }, { a: 'x' }, { a: 2n })).toEqual({
    a: 'string | number | bigint | boolean',
  })
})

test('objects inside are spelled out, with optional fields and names in quotes where they need them', () => {
  expect(typesOf({ user: { id: 1, 'first name': 'x' } }, { user: { id: 2 } })).toEqual({
    user: '{ id: number; "first name"?: string }',
  })
})

test('arrays take the type of their elements', () => {
  expect(typesOf({ a: [1, 2], b: [{ x: 1 }, { x: null }], c: [], d: [1, 'x'], e: [[1]] })).toEqual({
    a: 'number[]',
    b: '{ x: number | null }[]',
    c: 'unknown[]',
    d: '(string | number)[]',
    e: 'number[][]',
  })
})

test('deep and wide values are cut to a type that is still true', () => {
  expect(typesOf({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({
    a: '{ b: { c: { d: Record<string, unknown> } } }',
  })
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i]))
  expect(typesOf({ wide })).toEqual({ wide: 'Record<string, unknown>' })
})

test('a record with very many fields tells the first 500', () => {
  const record = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))
  expect(fieldTypes([record])).toHaveLength(500)
})

test('things that are no JSON have their own names', () => {
  expect(
    typesOf({ a: new Date(0), b: new Map(), c: new Uint8Array(1), d: () => 1, e: undefined, f: Symbol('x') }),
  ).toEqual({
    a: 'Date',
    b: 'Map<unknown, unknown>',
    c: 'Uint8Array',
    d: 'Function',
    e: 'undefined',
    f: 'symbol',
  })
})

test('records that are no objects have no fields, but a type', () => {
  expect(fieldTypes(['x', 1, null, [1]])).toEqual([])
  expect(recordType(['x', 1])).toBe('string | number')
  expect(recordType([{ a: 1 }, { a: 2, b: 'x' }])).toBe('{ a: number; b?: string }')
  expect(recordType([])).toBe('unknown')
})

test('a circle and a getter that throws do no harm', () => {
  const circle: Record<string, unknown> = { id: 1 }
  circle['self'] = circle
  Object.defineProperty(circle, 'bad', {
    enumerable: true,
    get() {
      throw new Error('no')
    },
  })
  expect(fieldTypes([circle]).map(({ name }) => name)).toEqual(['id', 'self', 'bad'])
})
