/** The CSV scanner against the row tier's splitter and its columns. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvColumns } from '../../../engine/formats/csv-columns.ts'
import { RowSplitter } from '../../../engine/formats/csv-row.ts'
import { csvSettings, csvValueReader, type CsvShape } from '../../../engine/kernel/csv-format.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { scanner, type Row } from './scanned.ts'

const NAMES = ['a', 'b', 'c', 'd']
const WANTED = ['d', 'a', 'b']

function scannerFor(shape: CsvShape, wanted = WANTED): (text: string) => Row[] {
  return scanner({
    scan: ({ exports }, task, from, to) => exports.scanCsv(task, from, to),
    settings: (kernel) => csvSettings(kernel, shape, wanted),
    columns: wanted.map((name, field) => ({ name, field })),
    other: csvValueReader(shape.infer),
  })
}

/** What the row tier makes of a line that no row is open before. */
function rowTier({ delimiter, infer, names }: CsvShape, line: string): Row['flag'] | Record<string, unknown> {
  const fields = new RowSplitter(delimiter).push(line)
  if (!Array.isArray(fields)) return 'odd'
  const columns = new CsvColumns({ name: 'x.csv', header: true, types: infer ? 'infer' : 'text' })
  columns.record([...names], 1, false)
  const outcome = columns.record(fields, 2, line.replace(/\r$/, '') === '')
  if (outcome === undefined) return 'nothing'
  return 'reason' in outcome ? 'odd' : (outcome.record as Record<string, unknown>)
}

function same(shape: CsvShape, lines: readonly string[], rows: readonly Row[]): number {
  let taken = 0
  expect(rows.length).toBe(lines.length)
  rows.forEach((row, i) => {
    const truth = rowTier(shape, lines[i]!)
    if (typeof truth === 'string') {
      if (row.flag !== truth) throw new Error(`${row.flag}, not ${truth}: ${lines[i]}`)
      return
    }
    const wanted = Object.fromEntries(
      WANTED.filter((name) => name in truth).map((name) => [name, truth[name]]),
    )
    if (row.flag !== 'ok' || !isDeepStrictEqual(row.fields, wanted))
      expect([lines[i], row]).toEqual([wanted, 'ok'])
    taken++
  })
  return taken
}

const SHAPES: CsvShape[] = [
  { delimiter: ',', infer: true, names: NAMES, longest: 0 },
  { delimiter: ';', infer: false, names: NAMES, longest: 0 },
  { delimiter: '\t', infer: true, names: ['a'], longest: 0 },
]

const VALUES = [
  '', '0', '-0', '-0.0', '007', '+1', '1e5', '1.50', '1.', '.5', '-', '-1', '-12.5', '12345678', '123456789012345',
  '1234567890123456', '12345678901234567890', '0.1', '0.30000000000000004', '1234567.1234567', '00', '0.0', '1.2.3',
  'true', 'false', 'True', 'trueish', 'falsey', 'null', 'a"b', ' 1', '1 ', '-a', '1a', 'größe', 'x'.repeat(100),
  '""', '"a"', '"1"', '"true"', '"a,b;c"', '"a""b"', '""""', '"1""2"', '"a"b', '"a', '"a""', '"', '"a" ', '\u0000',
] // prettier-ignore

describe('the scanner of CSV', () => {
  it.each(VALUES.map((value) => [value]))('reads %j', (value) => {
    for (const shape of SHAPES) {
      const scan = scannerFor(shape)
      const width = shape.names.length
      for (let at = 0; at < width; at++) {
        const fields = shape.names.map((name, i) => (i === at ? value : name))
        const line = fields.join(shape.delimiter)
        for (const end of ['', '\r']) same(shape, [line + end], scan(`${line}${end}\n`))
      }
    }
    expect.hasAssertions()
  })

  it('tells rows with too few and too many fields, and blank lines', () => {
    const lines = ['a,b,c,d', 'a,b,c', 'a,b,c,d,e', 'a,b,c,d,"e', '', '\r', '""', 'a,b,c,"d', ',,,', ',,,,']
    const flags = scannerFor(SHAPES[0]!)(lines.map((line) => `${line}\n`).join('')).map(({ flag }) => flag)
    expect(flags).toEqual(['ok', 'odd', 'odd', 'odd', 'nothing', 'nothing', 'odd', 'odd', 'ok', 'odd'])
    expect(scannerFor(SHAPES[2]!)('\n""\nx\n').map(({ fields }) => fields['a'])).toEqual([null, null, 'x'])
  })

  it('stops behind a row that stays open', () => {
    const rows = scannerFor(SHAPES[0]!)('1,2,3,4\n1,"2,3,4\n5,6",7,8\n')
    expect(rows.map(({ flag, scan }) => [flag, scan])).toEqual([
      ['ok', 0],
      ['odd', 0],
      ['ok', 1],
    ])
  })

  it('reads rows of several lines, and leaves those that it cannot read open', () => {
    const scan = scannerFor({ ...SHAPES[0]!, longest: 30 })
    const told = (text: string) =>
      scan(text).map(({ flag, line, fields, scan: call }) => [flag, line, fields, call])
    const row = { a: 1, b: '2\n\r\n"3"', d: 'x\n' }
    expect(told('1,"2\n\r\n""3""",,"x\n"\r\n5,6,7,8\n')).toEqual([
      ['ok', '1,"2\n\r\n""3""",,"x\n"', row, 0],
      ['ok', '5,6,7,8', { a: 5, b: 6, d: 8 }, 0],
    ])
    const rest = ['nothing', '', {}, 1]
    // Text behind the quote, too few fields, too long, and the end of the block.
    expect(told('1,"\n\n"x,3,4\n').slice(0, 2)).toEqual([['odd', '1,"', {}, 0], rest])
    expect(told('1,"\n\n",3\n').slice(0, 2)).toEqual([['odd', '1,"', {}, 0], rest])
    expect(told(`1,"\n\n",${'3'.repeat(21)},4\n`).slice(0, 2)).toEqual([['odd', '1,"', {}, 0], rest])
    expect(told('1,"\n\n').slice(0, 2)).toEqual([['odd', '1,"', {}, 0], rest])
    expect(told(`1,"\n${'3'.repeat(21)}",,4\n`).length).toBe(1)
    expect(told(`1,"\n${'3'.repeat(21)}",,44\n`).length).toBe(2)
  })

  it('leaves columns that no row has missing', () => {
    const scan = scannerFor(SHAPES[0]!, ['z', 'c'])
    expect(scan('1,2,3,4\n')[0]?.fields).toEqual({ c: 3 })
  })

  it('is the row tier on random rows', () => {
    const value = fc.oneof(
      fc.constantFrom(...VALUES),
      fc.integer().map(String),
      fc.double({ noNaN: true }).map(String),
      fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', '')),
      fc.string({ maxLength: 20 }).map((text) => `"${text.replaceAll('\n', '').replaceAll('"', '""')}"`),
    )
    const row = fc.array(value, { minLength: 3, maxLength: 5 })
    for (const shape of SHAPES.slice(0, 2)) {
      const scan = scannerFor(shape)
      fc.assert(
        fc.property(fc.array(row, { maxLength: 80 }), fc.constantFrom('', '\r'), (rows, end) => {
          const lines = rows.map((fields) => fields.join(shape.delimiter) + end)
          const read = scan(lines.map((line) => `${line}\n`).join(''))
          expect(same(shape, lines, read)).toBe(read.filter(({ flag }) => flag === 'ok').length)
        }),
        { numRuns: 300, seed: 31 },
      )
    }
  })

  it('is the row tier on spoilt rows', () => {
    const random = seededRandom(6)
    const pick = (from: string) => from[Math.floor(random() * from.length)]!
    let taken = 0
    for (const shape of SHAPES.slice(0, 2)) {
      const scan = scannerFor(shape)
      const [one, two] = ['1,true,"x, ""y""",-2.5', 'a"b,"",007,größe'].map((text) =>
        text.replaceAll(',', shape.delimiter),
      )
      for (let round = 0; round < 600; round++) {
        const lines = Array.from({ length: 40 }, () => {
          let line = (random() < 0.5 ? one : two)!
          for (let change = Math.floor(random() * 3); change >= 0; change--) {
            const at = Math.floor(random() * (line.length + 1))
            line =
              line.slice(0, at) +
              (random() < 0.6 ? pick('",;01.-ae\r \t') : '') +
              line.slice(at + Math.floor(random() * 2))
          }
          return line
        })
        taken += same(shape, lines, scan(lines.map((line) => `${line}\n`).join('')))
      }
    }
    expect(taken).toBeGreaterThan(10_000)
  })
})
