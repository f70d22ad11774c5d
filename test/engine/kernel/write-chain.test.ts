/** Lines written as bytes are those that the row tier's nodes would write. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonText } from '../../../engine/formats/csv-row-assembler.ts'
import { jsonLine } from '../../../engine/formats/record-text.ts'
import { jsonSteps, type JsonStep } from '../../../engine/kernel/json-steps.ts'
import { isUtf8 } from 'node:buffer'
import { ExactChain } from '../../../engine/kernel/exact-chain.ts'
import { KernelMemory } from '../../../engine/kernel/kernel-memory.ts'
import { newKernel } from '../../../engine/kernel/module.ts'
import { WriteChain, type WrittenRows } from '../../../engine/kernel/write-chain.ts'
import { writeFile } from '../../../engine/nodes/consumers/write-file.ts'
import { derive } from '../../../engine/nodes/processors/derive.ts'
import { filter } from '../../../engine/nodes/processors/filter.ts'
import type { Emit, Setup } from '../../../engine/spec/node.ts'
import { seededRandom } from '../../bench/data/random.ts'

type Each = (record: unknown, emit: Emit) => void

function configOf(step: JsonStep): Record<string, unknown> {
  const config = 'filter' in step ? { condition: step.filter } : { fields: step.derive }
  return ('filter' in step ? filter : derive).config.parse(config)
}

const typeOf = (step: JsonStep) => ('filter' in step ? filter : derive)
const setupOf = (config: Record<string, unknown>) => ({ node: 'n', config }) as Setup<Record<string, unknown>>

/** What the row tier writes of a line, its line feed included; nothing where it writes none, or fails. */
function rowTier(steps: readonly JsonStep[]): (line: string) => string {
  const nodes: Each[] = steps.map((step) => typeOf(step).each!(setupOf(configOf(step))))
  return (line) => {
    try {
      let record: unknown = JSON.parse(line)
      for (const node of nodes) {
        const out: unknown[] = []
        node(record, {
          kept: (made) => out.push(made),
          out: (made) => out.push(made),
          rejected: () => undefined,
        })
        if (out.length === 0) return ''
        record = out[0]
      }
      return `${jsonLine(record)}\n`
    } catch {
      return ''
    }
  }
}

interface Outcome extends Omit<WrittenRows, 'bytes'> {
  text: string
  lines: number
  /** Rows that took the way of the row tier. */
  exact: number
  /** Rows that left at each step, the file being 0. */
  gone: number[]
  refused: { step: number; line: number; reason: string }[]
}

/** Makes the function that writes blocks. */
function writerOf(steps: readonly JsonStep[], rowLimit = 64): (block: Buffer) => Outcome {
  const memory = new KernelMemory(newKernel())
  const types = [...steps.map(typeOf), writeFile]
  const last = setupOf(writeFile.config.parse({ path: 'x.ndjson' }))
  const exact = new ExactChain('ndjson', types, [...steps.map((step) => setupOf(configOf(step))), last])
  let count = 0
  const counted = { run: (text: string) => (count++, exact.run(text)) } as ExactChain
  const nodes = ['file', ...steps.map((_, i) => `step${i}`), 'out']
  const program = { kind: 'write', format: 'ndjson', nodes, steps: [...steps], why: '' } as const
  const chain = new WriteChain(memory, program, counted, rowLimit)
  return (bytes) => {
    const block =
      bytes.at(-1) === 10 || bytes.length === 0 ? bytes : Buffer.concat([bytes, Buffer.from('\n')])
    const from = memory.allocate(block.length)
    const to = from + block.length
    memory.bytes.set(block, from)
    const ascii = memory.kernel.exports.isPlain(from, to) !== 0
    const clean = ascii || (isUtf8(block) && !block.includes(0))
    count = 0
    const gone = nodes.map(() => 0)
    const refused: Outcome['refused'] = []
    let lines = 0
    for (let at = from; at < to;) {
      at = chain.scan({ from, to, bytes: block.length, ascii, clean, long: false }, at)
      chain.filter()
      chain.group()
      const { rows, failed } = chain
      for (let row = 0; row < rows.rows; row++) if (rows.gone[row] !== 0) gone[rows.gone[row]! - 1]!++
      for (const { row, step, refusal } of failed)
        refused.push({ step, line: lines + row, reason: reasonText(refusal.reason, 0) })
      lines += rows.rows
    }
    const { length = 0, bytes: made, failures = [] } = chain.take() ?? {}
    return { length, failures, text: Buffer.from(made ?? []).toString(), lines, exact: count, gone, refused }
  }
}

function same(steps: readonly JsonStep[], lines: readonly string[]): Outcome {
  const line = rowTier(steps)
  const outcome = writerOf(steps)(Buffer.from(lines.join('\n')))
  expect(outcome.text).toBe(lines.map(line).join(''))
  const written = outcome.text.split('\n').length - 1
  expect(outcome.length).toBe(written + outcome.failures.length)
  expect(outcome.gone.reduce((sum, count) => sum + count, outcome.length)).toBe(outcome.lines)
  return outcome
}

const STEPS: JsonStep[][] = [
  [],
  [{ filter: 'record.status === 200', mark: 2 }],
  [
    { filter: 'record.status === 200', mark: 2 },
    {
      derive: [
        { field: 'kb', value: 'Math.floor(record.bytes / 1024)' },
        { field: 'slow', value: 'record.ms > 500' },
      ],
    },
  ],
  [
    { derive: [{ field: 'name', value: 'record.user + "é\\n" + record.kb' }] },
    { filter: 'record.name.length > 4', mark: 3 },
    { derive: [{ field: 'more', value: 'record.name === "ada" ? undefined : [record.bytes, { a: null }]' }] },
    { filter: 'record.user !== "x"', mark: 5 },
  ],
  [
    {
      derive: [
        { field: 'n', value: 'record.bytes / 0' },
        { field: 'u', value: 'record.user.trim()' },
      ],
    },
  ],
  [
    {
      derive: [
        { field: 'tags', value: 'record.tags.push(1)' },
        { field: 'all', value: 'record.tags' },
      ],
    },
  ],
  [{ derive: [{ field: 'big', value: 'BigInt(record.status)' }] }],
]

const LINES = [
  '{"status":200,"user":"ada","bytes":2048,"ms":501}',
  '{"status":404,"user":"ada","bytes":2048,"ms":501}',
  '{}',
  ' {"status":200}',
  '{"status":200 ,"user":"x"}',
  '{"status":200.0,"user":"größe","bytes":-0}',
  '{"user":"a\\/b","status":200}',
  '{"user":"a\\"b\\\\\\n","status":200,"bytes":0.1}',
  '{"user":"\\u00e9","status":200}',
  '{"status":200,"kb":1,"user":"y"}',
  '{"1":2,"status":200,"0":1}',
  '{"status":200,"z":{"b":1,"2":3,"1":1}}',
  '{"status":200,"z":{"b":1,"c":[1,2,{"d":null}],"b":2}}',
  '{"status":200,"tags":[1,2],"user":"ada","z":[[],{},"",true,false]}',
  '{"status":200,"__proto__":{"a":1}}',
  '{"status":200,"z":{"__proto__":1}}',
  '{"status":200,"status":404}',
  '{"a":1,"a":2,"status":200}',
  '{"status":200,"n":1e3}',
  '{"status":200,"toJSON":1}',
  '[1,2]',
  'null',
  'oops',
  '',
  '  ',
  '{"status":200,"bytes":12345678901234567890}',
  '{"status":200,"bytes":0.0000001,"c":0.000001,"d":1.50,"e":123456789.1234567}',
  '{"status":200,"user":"a\u2028b\u007f"}',
]

describe('NDJSON in, NDJSON out', () => {
  it.each(STEPS.map((steps) => [JSON.stringify(steps), steps] as const))('%s', (_, steps) => {
    for (const line of LINES) expect(same(steps, [line]).lines).toBe(line === '' ? 0 : 1)
    expect(same(steps, LINES).lines).toBe(LINES.length)
    const returned = LINES.map((line) => `${line}\r`)
    expect(same(steps, returned).lines).toBe(LINES.length)
  })

  it('hands on what is canonical without a record', () => {
    const lines = [
      LINES[0]!,
      LINES[2]!,
      LINES[7]!,
      '{"status":200,"z":{"a":[1,-0.5,"x",{"b":null}]},"w":123456.789}',
    ]
    for (const steps of STEPS.slice(0, 3)) expect(same(steps, lines).exact).toBe(0)
  })

  it('counts lines, blank ones, and what each filter removed', () => {
    const steps = STEPS[3]!
    const written = same(steps, [
      '',
      '{"user":"x","kb":"abc"}',
      '{"user":"ada"}',
      '',
      '{"user":"y","kb":"abcdef"}',
    ])
    expect(written).toMatchObject({ lines: 5, exact: 0, gone: [2, 0, 0, 0, 1, 0], refused: [] })
    expect(same([{ filter: 'record.a > 1', mark: 2 }], ['{"a":1}', '{"a":2}', '{"a":1}']).gone[1]).toBe(2)
  })

  it('is the row tier on random records', () => {
    const key = fc.constantFrom('status', 'user', 'bytes', 'ms', 'tags', 'kb', 'z', 'ä', '7')
    const value = fc.oneof(
      fc.constantFrom<unknown>(200, 404, 0, -0, 0.1, 1e21, 1e-7, 'ada', 'x', '', true, null, [1], {}),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme' }),
      fc.jsonValue({ maxDepth: 3 }),
    )
    const line = fc
      .tuple(fc.dictionary(key, value, { maxKeys: 9 }), fc.constantFrom(undefined, 1))
      .map(([record, indent]) => JSON.stringify(record, null, indent).replaceAll('\n', ''))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom(...STEPS), (lines, steps) => {
        expect(same(steps, lines).lines).toBe(lines.length)
      }),
      { numRuns: 200, seed: 21 },
    )
  })

  it('is the row tier on spoilt lines', () => {
    const random = seededRandom(9)
    const pick = <Item>(from: ArrayLike<Item>): Item => from[Math.floor(random() * from.length)]!
    for (let round = 0; round < 150; round++) {
      const lines = Array.from({ length: 50 }, () => {
        const line = pick(LINES)
        const at = Math.floor(random() * (line.length + 1))
        return (
          line.slice(0, at) +
          pick('{}[]",:\\ 0123.eE+-truefalsn/ub') +
          line.slice(at + Math.floor(random() * 3))
        )
      })
      expect(same(STEPS[round % STEPS.length]!, [...lines, '{}']).lines).toBe(51)
    }
  })

  it('refuses what the nodes refuse, with the step', () => {
    const block = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\noops\n{"b":"x"}\n{"b":1}\n'),
    ])
    const written = writerOf([
      { filter: 'record.b.length === 1', mark: 2 },
      { derive: [{ field: 'n', value: '1' }] },
    ])(block)
    expect(written.text).toBe('{"b":"x","n":1}\n')
    expect(written.refused.toSorted((a, b) => a.line - b.line)).toEqual([
      { step: 0, line: 0, reason: 'The line is not valid UTF-8; unreadable bytes are shown as \ufffd.' },
      { step: 0, line: 1, reason: expect.stringMatching(/^The line is not JSON/) as string },
    ])
    expect(written.gone).toEqual([2, 1, 0, 0])
    const thrown = writerOf([{ filter: 'record.b.length === 1', mark: 2 }])(
      Buffer.from('{"b":null}\n{"b":"x"}'),
    )
    expect(thrown.refused).toMatchObject([{ step: 1, line: 0 }])
  })

  it('tells which records could not be written', () => {
    const written = writerOf(
      STEPS[6]!,
      2,
    )(Buffer.from('{"status":1}\n{"status":"2"}\n{"x":1}\n{"status":3}\n'))
    expect(written).toMatchObject({ length: 3, text: '' })
    expect(written.failures.map(({ index }) => index)).toEqual([0, 1, 2])
    const some: JsonStep[] = [{ derive: [{ field: 'big', value: 'record.n > 1 ? BigInt(record.n) : 0' }] }]
    const mixed = writerOf(some, 2)(Buffer.from('{"n":1}\n{"n":2}\n{"n":0}\n{"n":3}\n{"n":1}\n'))
    expect(mixed.failures.map(({ index, record }) => [index, record])).toEqual([
      [1, { n: 2, big: 2n }],
      [3, { n: 3, big: 3n }],
    ])
    expect(mixed.text.split('\n').length).toBe(4)
  })

  it('writes many rows and blocks of any size', () => {
    const write = writerOf(STEPS[2]!, 2048)
    for (const count of [1, 5000, 20_000, 3]) {
      const lines = Array.from(
        { length: count },
        (_, i) => `{"status":200,"i":${i},"bytes":${i * 7},"ms":${i % 1000}}`,
      )
      expect(write(Buffer.from(`${lines.join('\n')}\n`)).text).toBe(lines.map(rowTier(STEPS[2]!)).join(''))
    }
  })

  it.each([
    [[{ filter: 'record', mark: 2 }]],
    [[{ derive: [{ field: '7', value: '1' }] }]],
    [[{ derive: [{ field: '__proto__', value: '1' }] }]],
    [
      [
        {
          derive: [
            { field: 'a', value: '1' },
            { field: 'a', value: '2' },
          ],
        },
      ],
    ],
    [[{ filter: 'Math.random() > 0.5', mark: 2 }]],
  ])('needs whole records for %j', (steps) => {
    expect(jsonSteps(steps)).toBeUndefined()
  })
})
