/** Random input files with all that real ones have: null, huge numbers, odd characters, empty and missing fields, broken lines. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Draw } from './draw.ts'

/** Fields of records in NDJSON and CSV. */
export const FIELDS = ['id', 'user', 'n', 'v', 'flag', 'day', 'mixed', 'a b', 'straße']
/** Fields of access-log lines. */
export const LOG_FIELDS = 'host user time method path protocol status bytes referrer agent'.split(' ')

const TEXTS = [
  '', 'a', 'b', 'ab', 'Z', 'é', 'e\u0301', '😀', '😀a', '\uFF5E', '𝒳', '\u{10FFFF}', "it's", 'say "q"', 'x,y', 'one\ntwo',
  ' padded ', '007', 'null', 'true', 'NaN', '5', '__proto__', 'constructor', 'z'.repeat(70), '\t', '\\', 'a;b', '\u2028', 'İ',
] // prettier-ignore
const NUMBERS = [
  '0', '-0', '1', '2', '2.5', '-1', '0.1', '0.2', '1e300', '-1e300', '5e-324', '9007199254740993', '12345678901234567890',
  '1e400', '123456789', '1.0', '1E2', '99999999999999999999999', '-9223372036854775808', '3.0e-5',
] // prettier-ignore
const DAYS = [
  '2024-02-29',
  '1969-12-31',
  '2024-02-29T12:00:00Z',
  '2024-01-01T00:00:00+02:00',
  '0001-01-01',
  '29.2.2024',
]
const MIXED = [
  '"\\ud800"',
  '[1,[2]]',
  '{"x":{"y":null}}',
  '[]',
  '{}',
  'true',
  '"\\u0000"',
  '"\\u0061"',
  '-0.0',
  'null',
]
const BROKEN = [
  '{"id":',
  'null',
  '42',
  '[1]',
  '',
  '  ',
  '{"id":1,"id":2}',
  '{"id":01}',
  '{"user":"a}',
  '"text"',
  '{}}',
  '{"id":1,}',
]

/** A value as JSON text. */
function jsonValue(draw: Draw, field: string): string {
  if (draw.chance(0.1)) return 'null'
  if (field === 'id') return String(draw.below(40))
  if (field === 'n') return draw.chance(0.6) ? String(draw.below(9) - 2) : draw.one(NUMBERS)
  if (field === 'v') return draw.chance(0.5) ? String(draw.random() * 100) : draw.one(NUMBERS)
  if (field === 'flag') return String(draw.chance(0.5))
  if (field === 'day') return JSON.stringify(draw.one(DAYS))
  if (field === 'mixed') return draw.one([...MIXED, ...NUMBERS, ...TEXTS.map((text) => JSON.stringify(text))])
  return JSON.stringify(draw.one(TEXTS))
}

function jsonLine(draw: Draw): string | Buffer {
  if (draw.chance(0.05)) return draw.one(BROKEN)
  if (draw.chance(0.005)) return Buffer.from([0x7b, 0x22, 0xff, 0xc0, 0x22, 0x7d])
  const names = FIELDS.filter(() => !draw.chance(0.12))
  if (draw.chance(0.2)) names.reverse()
  const blank = draw.chance(0.1) ? ' ' : ''
  return `{${names.map((name) => `${blank}${JSON.stringify(name)}:${blank}${jsonValue(draw, name)}`).join(',')}}`
}

/** A value as a field of CSV, in quotes where it needs them, and now and then where it does not. */
function csvField(draw: Draw, field: string): string {
  const json = jsonValue(draw, field)
  const text =
    json === 'null' ? '' : json.startsWith('"') ? (JSON.parse(json) as string).replaceAll('\0', '') : json
  const quoted = /[",\n\r;\t]/.test(text) || draw.chance(0.1)
  return quoted ? `"${text.replaceAll('"', '""')}"` : text
}

function csvRow(draw: Draw): string | Buffer {
  if (draw.chance(0.02))
    return draw.one(['1,2', '', '"never closed', 'a,"b"c,d,e,f,g,h,i,j', ',,,,,,,,', ',,,,,,,,,,,'])
  if (draw.chance(0.004)) return Buffer.from([0x31, 0x2c, 0xff, 0xc0])
  return FIELDS.map((name) => csvField(draw, name)).join(',')
}

function logLine(draw: Draw): string | Buffer {
  if (draw.chance(0.04))
    return draw.one(['', 'no log line', '10.0.0.1 - - [oops] "GET / HTTP/1.1" 200 5', '- - -', '😀'])
  if (draw.chance(0.005)) return Buffer.from([0x31, 0x20, 0xff, 0xc0])
  const host = draw.one(['10.0.0.1', '10.0.0.2', '::1', 'häst', 'a'])
  const day = draw.one(['17/May/2015', '29/Feb/2016', '29/Feb/2015', '31/Dec/1999', '00/Jan/2020'])
  const zone = draw.one(['+0000', '-0700', '+0530'])
  const request = draw.one([
    'GET / HTTP/1.1',
    'GET /a?b=1 HTTP/1.1',
    'POST /ü HTTP/2.0',
    '-',
    '\\x16\\x03',
    'GET /old',
    'GET /b HTTP/1.0',
  ])
  const status = draw.one(['200', '200', '404', '304', '500', '099', '2000'])
  const bytes = draw.one(['0', '5', '-', '1234567', '9007199254740993', '17'])
  const common = `${host} - ${draw.one(['-', 'frank', 'ä'])} [${day}:10:05:03 ${zone}] "${request}" ${status} ${bytes}`
  if (draw.chance(0.3)) return common
  return `${common} "${draw.one(['-', 'https://x.org/', 'a"b'])}" "${draw.one(['Mozilla/5.0', '-', 'say \\"hi\\"', 'bot 😀'])}"`
}

export type TextFormat = 'ndjson' | 'csv' | 'log' | 'json-lines'

const ENDINGS: Record<TextFormat, string> = {
  ndjson: '.ndjson',
  csv: '.csv',
  log: '.log',
  'json-lines': '.txt',
}

/**
 * Writes random input, in one file or several.
 * @returns the path of the file or the pattern, below the folder
 */
export function writeHostile(draw: Draw, format: TextFormat, folder: string, name: string): string {
  const files = draw.chance(0.15) ? 1 + draw.below(3) : 1
  const ending = ENDINGS[format]
  for (let file = 0; file < files; file++) {
    const rows = draw.chance(0.05) ? 0 : draw.below(draw.chance(0.2) ? 1500 : 200)
    const make = format === 'csv' ? csvRow : format === 'log' ? logLine : jsonLine
    const lines: (string | Buffer)[] = draw.list(rows, () => make(draw))
    if (format === 'csv') lines.unshift(FIELDS.join(','))
    const feed = draw.chance(0.2) ? '\r\n' : '\n'
    const bytes = Buffer.concat(
      lines.flatMap((line, at) => {
        const last = at === lines.length - 1 && draw.chance(0.3)
        return [Buffer.from(line as string), Buffer.from(last ? '' : feed)]
      }),
    )
    const mark = draw.chance(0.05) ? Buffer.from('\ufeff') : Buffer.alloc(0)
    writeFileSync(join(folder, `${name}-${file}${ending}`), Buffer.concat([mark, bytes]))
  }
  return files === 1 ? `${name}-0${ending}` : `${name}-*${ending}`
}
