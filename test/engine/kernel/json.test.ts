/** The NDJSON scanner against JSON.parse: the same lines are right, and the same values are in them. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCode } from '../../../engine/kernel/formats.ts'
import { KernelMemory } from '../../../engine/kernel/kernel-memory.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { scanner } from './scanned.ts'

const NAMES = ['a', 'user', 'bytes', 'a rather long name of a field', 'straße', '']

const scan = scanner({
  scan: ({ exports }, task, from, to) => exports.scanNdjson(task, from, to),
  settings: (kernel) => formatCode('ndjson').settings(new KernelMemory(kernel), NAMES),
  columns: NAMES.map((name, field) => ({ name, field })),
  other: (text) => JSON.parse(text) as unknown,
})

function parsed(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) as unknown }
  } catch {
    return undefined
  }
}

function wanted(value: unknown): Record<string, unknown> {
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    NAMES.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]),
  )
}

/** What has to hold of every line; returns whether the scanner took it. */
function check(line: string, row: { flag: string; line: string; fields: Record<string, unknown> }): boolean {
  if (row.line !== line.replace(/\r$/, '')) throw new Error(`not the line: ${row.line}, ${line}`)
  const truth = parsed(line)
  if (row.flag === 'nothing' && (truth || line.trim() !== '')) throw new Error(`not blank: ${line}`)
  if (row.flag !== 'ok') return false
  if (truth === undefined) throw new Error(`not JSON, and yet taken: ${line}`)
  if (!isDeepStrictEqual(row.fields, wanted(truth.value)))
    expect(row.fields, line).toEqual(wanted(truth.value))
  return true
}

/** Numbers as people and programs write them, at every edge. */
const NUMBERS = [
  '0', '-0', '1', '-1', '12345678', '123456789', '1234567890', '123456789012345', '1234567890123456',
  '9007199254740991', '9007199254740993', '12345678901234567890', '0.1', '0.30000000000000004', '-0.0', '1.50',
  '1e5', '1E-7', '1e400', '-1e-400', '1.7976931348623157e308', '5e-324', '0.000001', '123456.789012345',
  '99999999.9999999', '1e21', '100000000000000000000', '0e0', '-0e-0', '2.5e+3', '12345678.5', '1234567.12345678',
] // prettier-ignore
const NO_NUMBERS = [
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1.e5',
  '1e',
  '1e+',
  '--1',
  '0x10',
  '00',
  '-01',
  '1_0',
  'NaN',
  '1e5.5',
]

describe('the scanner of NDJSON', () => {
  it.each(NUMBERS)('reads the number %s', (text) => {
    const line = `{"a":${text},"user":"x"}`
    const [row] = scan(`${line}\n`)
    expect(row?.flag).toBe('ok')
    expect(Object.is(row?.fields['a'], Number(text))).toBe(true)
  })

  it.each([
    ...NO_NUMBERS,
    'tru',
    'nul',
    'falsy',
    'truex',
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '[1,]',
    '{"b":1,}',
    '[',
    '',
  ])('takes no %s for a value, wanted or not', (text) => {
    for (const name of ['a', 'z']) {
      const [row] = scan(`{"${name}":${text},"user":"x"}\n`)
      expect(row?.flag).toBe('odd')
    }
  })

  it('takes each of many plain records', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.jsonValue({ maxDepth: 3 }),
    )
    const key = fc.oneof(fc.constantFrom(...NAMES), fc.stringMatching(/^[a-z]{1,70}$/))
    const record = fc.dictionary(key, value, { maxKeys: 8 })
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 90 }),
        fc.constantFrom('\n', '\r\n', ' \t\n'),
        (records, feed) => {
          const lines = records.map((fields) => JSON.stringify(fields))
          const rows = scan(lines.map((line) => line + feed).join(''))
          expect(rows.length).toBe(lines.length)
          rows.forEach((row, i) => {
            if (!check(lines[i]! + feed.slice(0, -1), row)) throw new Error(`left: ${lines[i]}`)
          })
        },
      ),
      { numRuns: 300, seed: 11 },
    )
  })

  it('takes white space between all parts', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES, 'b'), fc.jsonValue({ maxDepth: 2 })), (record) => {
        const line = JSON.stringify(record, null, 1).replaceAll('\n', '\t \r')
        const [row] = scan(`  ${line} \r \n`)
        expect(check(`  ${line} \r `, row!)).toBe(true)
      }),
      { numRuns: 300, seed: 12 },
    )
  })

  it('leaves keys that come twice or are written with escapes, and what is no object', () => {
    for (const line of [
      '{"a":1,"a":2}',
      '{"\\u0061":1}',
      '[1]',
      '7',
      '"a"',
      'null',
      '\ufeff{"a":1}',
      '{"a":1}}',
      '{"a":1} x',
    ]) {
      expect(scan(`${line}\n`)[0]?.flag, line).toBe('odd')
    }
    // Twice, but nobody reads it.
    expect(scan('{"z":1,"z":2,"a":3}\n')[0]).toMatchObject({ flag: 'ok', fields: { a: 3 } })
  })

  it('skips blank lines as the reader does', () => {
    const lines = ['', ' ', '\t\v\f', '\r', '\u00a0', '{"a":1}']
    expect(scan(lines.map((line) => `${line}\n`).join('')).map(({ flag }) => flag)).toEqual([
      'nothing',
      'nothing',
      'nothing',
      'nothing',
      'odd',
      'ok',
    ])
  })

  it('reads lines of any length and depth', () => {
    const long = JSON.stringify({
      z: 'x'.repeat(300_000),
      a: 'y'.repeat(100_000),
      user: Array.from({ length: 1000 }, () => ({ b: [1] })),
    })
    expect(check(long, scan(`${long}\n`)[0]!)).toBe(true)
    for (const depth of [1, 100, 199, 201, 5000]) {
      const line = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
      expect(check(line, scan(`${line}\n`)[0]!)).toBe(depth < 200)
    }
  })

  it('has more known keys than it remembers', () => {
    for (let round = 0; round < 3; round++) {
      const record = Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [`k${(i * 7) % 100}${round}`, i]),
      )
      const line = JSON.stringify({ ...record, user: 'ada', ['n'.repeat(60)]: 1, a: round })
      expect(check(line, scan(`${line}\n`)[0]!)).toBe(true)
    }
  })

  it('agrees with JSON.parse on 110 000 spoilt lines', () => {
    const random = seededRandom(5)
    const pick = <Item>(from: ArrayLike<Item>): Item => from[Math.floor(random() * from.length)]!
    const seeds = [
      '{"a":1,"user":"ada","bytes":-12.5,"z":[1,{"b":null}],"straße":true}',
      '{"id":17,"user":"\\u00e4\\n","a":"é\u2028","bytes":1e3,"t":false,"":0}',
      '{ "a" : { "a" : [ ] } , "user" : "x\\"y" , "bytes" : 123456789012345678 }',
      '{"a rather long name of a field":"a rather long text of a field","a":0.1}',
      '{}',
    ]
    const marks = '{}[]",:\\ \t0123456789.eE+-truefalsn\u0001\u007fä/ubé'
    let taken = 0
    for (let round = 0; round < 2200; round++) {
      const lines = Array.from({ length: 50 }, () => {
        let line = pick(seeds)
        for (let change = Math.floor(random() * 4); change >= 0; change--) {
          const at = Math.floor(random() * (line.length + 1))
          const cut = Math.floor(random() * 3)
          line = line.slice(0, at) + (random() < 0.6 ? pick(marks) : '') + line.slice(at + cut)
        }
        return line
      })
      scan(lines.map((line) => `${line}\n`).join('')).forEach((row, i) => {
        const line = lines[i]!
        if (check(line, row)) taken++
        // What is right and plain must be taken, else the scanner would be slow without anybody seeing it.
        else if (row.flag === 'odd' && plain(line)) throw new Error(`left: ${line}`)
      })
    }
    expect(taken).toBeGreaterThan(20_000)
  })
})

/** An object whose keys have no escapes and come once. */
function plain(line: string): boolean {
  const value = parsed(line)?.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  let level = 0
  const keys: string[] = []
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') level++
    else if (token === '}' || token === ']') level--
    else if (level === 1 && token.endsWith(':')) keys.push(token)
  }
  return (
    keys.every((key) => !key.includes('\\')) && new Set(keys.map((key) => key.trim())).size === keys.length
  )
}
