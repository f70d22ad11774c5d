/** One CSV row: agreement with csv-parse, and what is refused. */
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitCsvLine } from '../../../engine/formats/csv-line.ts'

const value = fc.stringMatching(/^[a"', ;\n-]{0,6}$/)

test('reads what a writer of CSV quotes, as csv-parse does', () => {
  const quoted = (text: string) => (/[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = fc.array(value, { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(',', ';'),
      fc.constantFrom('', '\n', '\r\n'),
      (values, delimiter, end) => {
        const line = values.map(quoted).join(delimiter)
        expect(splitCsvLine(line + end, delimiter)).toEqual(values)
        const [expected] = parse(line, {
          delimiter,
          relaxColumnCount: true,
          skipEmptyLines: false,
        }) as string[][]
        expect(splitCsvLine(line, delimiter)).toEqual(expected ?? [''])
      },
    ),
    { seed: 7, numRuns: 500 },
  )
})

test('an empty last value is a value', () => {
  expect(splitCsvLine('a,', ',')).toEqual(['a', ''])
  expect(splitCsvLine('"a",', ',')).toEqual(['a', ''])
})

test('a quote that is not closed, or followed by more, is refused', () => {
  expect(() => splitCsvLine('a,"b', ',')).toThrow('a quote is not closed')
  expect(() => splitCsvLine('a,"b""', ',')).toThrow('a quote is not closed')
  expect(() => splitCsvLine('"a"b,c', ',')).toThrow('text follows the closing quote of field 1')
})
