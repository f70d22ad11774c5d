/** The small parts of reading and writing CSV: values, dialect, rows out. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guessDelimiter, guessHeader } from '../../../engine/formats/csv-dialect.ts'
import { inferValue } from '../../../engine/formats/csv-value.ts'
import { CsvWriter } from '../../../engine/formats/csv-writer.ts'
import { readRecords } from '../../../engine/formats/read-records.ts'
import { bytesOf, collect } from '../fake-context.ts'

describe('inferring a value', () => {
  test.each([
    ['', null],
    ['true', true],
    ['false', false],
    ['True', 'True'],
    ['0', 0],
    ['-12', -12],
    ['1.50', 1.5],
    ['9', 9],
    ['1234567890', 1234567890],
    ['999999999999999', 999999999999999],
    ['9007199254740991', 9007199254740991],
  ])('reads %j as %j', (text, value) => expect(inferValue(text)).toBe(value))

  test.each([
    '007',
    '+1',
    '1e5',
    '-0',
    '.5',
    '5.',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    ' 1',
    '1 ',
    '9007199254740993',
    '12a',
    '2026-05-01',
    '1/2',
    '1:30',
  ])('leaves %j as text, because a number would lose something', (text) =>
    expect(inferValue(text)).toBe(text),
  )

  test('reads back every number that JavaScript writes without an exponent', () => {
    const plain = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !String(value).includes('e') && value !== 0)
    const readsBack = fc.property(plain, (value) => inferValue(String(value)) === value)
    expect(() => fc.assert(readsBack, { seed: 3 })).not.toThrow()
  })
})

describe('guessing', () => {
  test.each([
    [['a,b', '1,2'], ','],
    [['a;b', '1,5;2,5'], ';'],
    [['a\tb,c', '1\t2'], 'tab'],
    [['a|b|c', '1|2|3'], '|'],
    [['"a;b",c', '"1;2",3'], ','],
    [['only', '1'], ','],
    [[], ','],
  ])('the delimiter of %j is %j', (lines, delimiter) => expect(guessDelimiter(lines)).toBe(delimiter))

  test.each([
    [['id,name', '1,x'], true],
    [['1,x', '2,y'], false],
    [['x,x', 'y,z'], false],
    [[',a,b', '0,1,2'], true],
    [[], true],
  ])('whether %j has a header is %j', (lines, header) => expect(guessHeader(lines, ',')).toBe(header))
})

describe('writing CSV rows', () => {
  test('quotes where it must and writes objects as JSON, dates as ISO, big integers as digits', () => {
    const writer = new CsvWriter(',')
    const row = writer.row({
      a: 'x"y',
      b: 'p,q',
      c: 'm\nn',
      d: { e: [1] },
      f: null,
      g: new Date(0),
      h: 12n,
      i: true,
    })
    expect(row).toBe('"x""y","p,q","m\nn","{""e"":[1]}",,1970-01-01T00:00:00.000Z,12,true')
    expect(writer.header()).toBe('a,b,c,d,f,g,h,i')
  })

  test('writes given columns only, in their order', () => {
    const writer = new CsvWriter(';', ['b', 'a;'])
    expect(writer.header()).toBe('b;"a;"')
    expect(writer.row({ 'a;': 1, b: 2, c: 3 })).toBe('2;1')
  })

  test.each([
    ['a number', 7, 'A CSV row needs a record with fields; this is a number.'],
    ['null', null, 'A CSV row needs a record with fields; this is null.'],
    ['no fields', {}, 'The record has no fields, so there is nothing to write.'],
    ['a function', { f: () => 1 }, 'The field "f" cannot be written as JSON: it is a function.'],
  ])('refuses %s with the reason, and lets the next record make the header', (_, record, reason) => {
    const writer = new CsvWriter(',')
    expect(() => writer.row(record)).toThrow(reason)
    expect(writer.row({ ok: 1 })).toBe('1')
    expect(writer.header()).toBe('ok')
  })

  test('refuses fields that the header does not have, and names them', () => {
    const writer = new CsvWriter(',')
    writer.row({ a: 1 })
    expect(() => writer.row({ a: 1, b: 2, c: 3 })).toThrow('The fields "b", "c" are not in the header')
  })

  test('gives what the reader takes back, for any text', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '|') })
    const rows = fc.array(fc.record({ one: text, two: text }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(rows, async (records) => {
        const writer = new CsvWriter(',')
        const lines = records.map((record) => writer.row(record))
        const options = { name: 'a', format: 'csv', delimiter: ',', header: true, types: 'text' } as const
        const blocks = await collect(
          readRecords(bytesOf([writer.header(), ...lines, ''].join('\n')), {
            ...options,
            maxLineBytes: 4096,
          }),
        )
        expect(blocks.flatMap((block) => block.records)).toEqual(records)
      }),
      { seed: 5 },
    )
  })

  test('writes a single empty field so that it is no blank line', () => {
    expect(new CsvWriter(',').row({ a: '' })).toBe('""')
  })
})
