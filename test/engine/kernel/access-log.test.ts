/** Access logs in the kernel tier give what the row tier gives: groups, order, counts and errors, however they are cut. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FIELD_AGENT,
  FIELD_BYTES,
  FIELD_PATH,
  FIELD_STATUS,
  FIELD_TIME,
} from '../../../engine/kernel/layout.ts'
import { accessLogReader } from '../../../engine/formats/access-log.ts'
import { flowOf } from '../run-flow.ts'
import { kernelRun, rowRun } from './both-tiers.ts'
import { scanner } from './scanned.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-kernel-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const oneOf = (...values: string[]) => fc.constantFrom(...values)
const host = oneOf('10.0.0.1', 'a', 'host.example.org', '2001:db8:0:0:0:ff00:42:8329', 'häst', '::1', '-')
const user = oneOf('-', '-', '-', 'frank', 'ä', '""', '')
const day = oneOf(
  '17/May/2015',
  '29/Feb/2016',
  '29/Feb/2015',
  '31/Dec/1999',
  '01/Mar/0099',
  '00/Jan/2020',
  '3/Jan/2020',
)
const clock = oneOf('10:05:03', '23:59:59', '23:59:60', '24:00:00', '00:00:00', '10:5:03')
const zone = oneOf('+0000', '-0700', '+0530', '+9959', '0000', '-0000')
const path = oneOf('/', '/a', '/a?b=c%20d', '/ü', '/with blank/x', '/q\\"uote', '*', '/HTTP/1.1', '')
const request = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(oneOf('GET', 'POST', 'ÄT', 'get'), path, oneOf('HTTP/1.1', 'HTTP/2.0', 'HTTP/1.1x', 'FTP'))
      .map((words) => words.join(' ')),
  },
  {
    weight: 2,
    arbitrary: oneOf(
      '-',
      '',
      ' ',
      'GET',
      'GET ',
      'GET /old',
      '\\x16\\x03',
      '9 /x HTTP/1.0',
      'GET  HTTP/1.0',
      'A HTTP/1.0 HTTP/1.0',
    ),
  },
)
const status = oneOf('200', '404', '304', '500', '099', '99', '2000', '')
const bytes = oneOf('0', '5', '-', '1234567', '999999999999999', '9007199254740993', '--', '1x', '')
const quoted = oneOf(
  '-',
  'https://example.org/',
  'Mozilla/5.0 (X11; Linux)',
  'say \\"hi\\"',
  '\\\\',
  'ü',
  '',
  '\\xe2\\x82\\xac',
)
const tail = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.tuple(quoted, quoted).map(([referrer, agent]) => ` "${referrer}" "${agent}"`) },
  {
    weight: 2,
    arbitrary: oneOf(
      ' ',
      ' "-"',
      ' "-" "cut off',
      ' "-" "x" 0.123',
      ' "-" "x" ',
      ' "-" "x"\r',
      ' x',
      ' "a""b"',
      ' "\\',
      '\r',
    ),
  },
)
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(host, oneOf('-', '-', 'id'), user, day, clock, zone, request, status, bytes, tail)
      .map(([h, i, u, d, c, z, r, s, b, t]) => `${h} ${i} ${u} [${d}:${c} ${z}] "${r}" ${s} ${b}${t}`),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(request, bytes, tail)
      .map(([r, b, t]) => `10.0.0.1 - - [17/May/2015:10:05:03 +0000] "${r}" 200 ${b}${t}`),
  },
  { weight: 1, arbitrary: oneOf('', 'not a log line', '\r', '"', '[', 'a b c [', 'x'.repeat(300)) },
)
/** Bytes: some lines are no UTF-8, or hold NUL. */
const log = fc
  .tuple(
    fc.array(fc.tuple(line, fc.integer({ min: 0, max: 60 }), oneOf('\n', '\n', '\r\n')), { maxLength: 80 }),
    fc.boolean(),
    oneOf('', '', '\uFEFF'),
  )
  .map(([lines, ended, mark]) => {
    const parts = lines.map(([text, spoilt, end], i) => {
      const bytes = Buffer.from(text + (i === lines.length - 1 && !ended ? '' : end))
      if (spoilt === 1 && text.length > 3) bytes[2] = 0xff
      return bytes
    })
    return Buffer.concat([Buffer.from(mark), ...parts])
  })
  // Nothing cannot be shared, so the row tier does it.
  .filter((content) => content.length > 0)

const FIELDS =
  'host ident user time method path protocol status bytes referrer agent request extra nothing'.split(' ')
const by = fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 3 })
const between = fc.constantFrom<[string, Record<string, unknown>, string][]>(
  [],
  [['filter', { condition: 'record.status === 200' }, 'kept']],
  [['filter', { condition: 'record.path.startsWith("/a")' }, 'kept']],
  [['filter', { condition: 'record.bytes > 4 || record.method === "POST"' }, 'kept']],
  [
    ['filter', { condition: 'record.agent !== "-" && record.agent.length > 2' }, 'kept'],
    ['filter', { condition: 'record.bytes >= 0' }, 'kept'],
  ],
  [['select', { rename: [{ from: 'path', to: 'host' }], drop: ['agent'] }, 'out']],
  [['select', { keep: ['path', 'bytes', 'status'] }, 'out']],
)

function flowFor(drawn: {
  by: string[]
  between: [string, Record<string, unknown>, string][]
  errors: boolean
}) {
  const nodes: Parameters<typeof flowOf>[0] = {
    log: ['file', { path: 'access.log', format: 'lines' }],
    parse: ['parse', { as: 'access-log' }],
  }
  const wires = ['log.out -> parse.in']
  let last = 'parse.out'
  drawn.between.forEach(([type, config, port], i) => {
    nodes[`n${i}`] = [type, config]
    wires.push(`${last} -> n${i}.in`)
    last = `n${i}.${port}`
  })
  const aggregates = [
    { as: 'n', fn: 'count' },
    { as: 'sum', fn: 'sum', field: 'bytes' },
    { as: 'mean', fn: 'avg', field: 'bytes' },
    { as: 'least', fn: 'min', field: 'status' },
    { as: 'most', fn: 'max', field: 'bytes' },
  ]
  nodes['group'] = ['group', { by: drawn.by, aggregates }]
  nodes['out'] = ['table', { limit: 1_000_000 }]
  wires.push(`${last} -> group.in`, 'group.out -> out.in')
  if (drawn.errors) {
    for (const id of Object.keys(nodes).filter((node) => node !== 'out')) {
      nodes[`${id}-errors`] = ['table', { limit: 1_000_000 }]
      wires.push(`${id}.error -> ${id}-errors.in`)
    }
  }
  return flowOf(nodes, wires)
}

describe('an access log', () => {
  it('gives the same in both tiers, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.record({ by, between, errors: fc.constant(true) }),
        fc.record({
          workers: fc.integer({ min: 1, max: 5 }),
          blockBytes: fc.integer({ min: 16, max: 3000 }),
          rowLimit: fc.integer({ min: 1, max: 50 }),
        }),
        async (content, drawn, sizes) => {
          writeFileSync(join(folder, 'access.log'), content)
          const flow = flowFor(drawn)
          expect(await kernelRun(flow, folder, sizes)).toEqual(await rowRun(flow, folder))
        },
      ),
      { numRuns: 150, seed: 11 },
    )
  }, 120_000)

  it('fails at the same record where no wire takes it', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.record({ by, between, errors: fc.constant(false) }),
        fc.integer({ min: 1, max: 4 }),
        async (content, drawn, workers) => {
          writeFileSync(join(folder, 'access.log'), content)
          const flow = flowFor(drawn)
          const [kernel, row] = [
            await kernelRun(flow, folder, { workers, blockBytes: 500, rowLimit: 1 }),
            await rowRun(flow, folder),
          ]
          expect(kernel.outcome.phase).toBe(row.outcome.phase)
          if (row.outcome.phase === 'done') expect(kernel).toEqual(row)
          // Nodes work on batches of different sizes, so of several refusals another one may be the first.
          else expect(kernel.outcome.error?.code).toBe(row.outcome.error?.code)
        },
      ),
      { numRuns: 60, seed: 12 },
    )
  }, 120_000)

  it('is read by the kernel itself where it is plain', () => {
    const names = { time: FIELD_TIME, path: FIELD_PATH, status: FIELD_STATUS, bytes: FIELD_BYTES }
    const scan = scanner({
      scan: ({ exports }, task, from, to) => exports.scanAccessLog(task, from, to),
      settings: () => 0,
      // Room for the times.
      scratch: (kernel) => kernel.exports.allocate(64 * 32),
      columns: Object.entries({ ...names, agent: FIELD_AGENT }).map(([name, field]) => ({ name, field })),
      other: (text) => text,
    })
    const read = accessLogReader()
    const content = readFileSync(join(import.meta.dirname, '../../fixtures/access.log'), 'utf8')
    const lines = content.split('\n').filter((text) => text !== '')
    const rows = scan(lines.map((text) => `${text}\n`).join(''))
    expect(rows.length).toBe(lines.length)
    for (const { line, fields, flag } of rows) {
      if (flag !== 'ok') {
        // Left to the row tier only where that refuses it too, or where something in it is escaped.
        if (!line.includes('\\')) expect(() => read(line)).toThrow(/not a line of an access log|empty/)
        continue
      }
      const { time, path, status, bytes, agent } = read(line)
      expect(fields).toEqual({ time, path, status, bytes, agent })
    }
    expect(rows.filter(({ flag }) => flag === 'ok').length).toBeGreaterThan(lines.length / 2)
  })

  it('has its pages counted as sort and uniq do', async () => {
    const content = readFileSync(join(import.meta.dirname, '../../fixtures/access.log'), 'utf8')
    writeFileSync(join(folder, 'access.log'), content)
    const flow = flowFor({ by: ['path'], between: [], errors: true })
    expect(await kernelRun(flow, folder, { workers: 2 })).toEqual(await rowRun(flow, folder))
  })
})
