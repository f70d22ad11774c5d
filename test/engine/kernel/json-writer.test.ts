/** Lines written as bytes are those that the row tier's nodes would write. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonLine } from '../../../engine/formats/record-text.ts'
import { jsonSteps, type JsonStep } from '../../../engine/kernel/json-steps.ts'
import { JsonWriter, type Written } from '../../../engine/kernel/json-writer.ts'
import { derive } from '../../../engine/nodes/processors/derive.ts'
import { filter } from '../../../engine/nodes/processors/filter.ts'
import type { Emit, Setup } from '../../../engine/spec/node.ts'
import { seededRandom } from '../../bench/data/random.ts'

type Each = (record: unknown, emit: Emit) => void

function nodeOf(step: JsonStep): Each {
  const type = 'filter' in step ? filter : derive
  const config = 'filter' in step ? { condition: step.filter } : { fields: step.derive }
  return type.each!({ node: 'n', config: type.config.parse(config) } as Setup<Record<string, unknown>>)
}

/** What the row tier writes of a line, its line feed included; nothing where it writes none, or fails. */
function rowTier(steps: readonly JsonStep[]): (line: string) => string {
  const nodes = steps.map(nodeOf)
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

function run(steps: readonly JsonStep[], text: string | Buffer): { text: string; written: Written } {
  const exact = rowTier(steps)
  const writer = new JsonWriter(jsonSteps(steps)!, (line) => exact(line.toString()))
  const written = writer.write(Buffer.from(text))
  return { text: Buffer.from(written.bytes).toString(), written }
}

function same(steps: readonly JsonStep[], lines: readonly string[]): Written {
  const line = rowTier(steps)
  const { text, written } = run(steps, lines.join('\n'))
  expect(text).toBe(lines.map(line).join(''))
  return written
}

const STEPS: JsonStep[][] = [
  [],
  [{ filter: 'record.status === 200', mark: 1 }],
  [
    { filter: 'record.status === 200', mark: 1 },
    {
      derive: [
        { field: 'kb', value: 'Math.floor(record.bytes / 1024)' },
        { field: 'slow', value: 'record.ms > 500' },
      ],
    },
  ],
  [
    { derive: [{ field: 'name', value: 'record.user + "é\\n" + record.kb' }] },
    { filter: 'record.name.length > 4', mark: 2 },
    { derive: [{ field: 'more', value: 'record.name === "ada" ? undefined : [record.bytes, { a: null }]' }] },
    { filter: 'record.user !== "x"', mark: 3 },
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
    expect(written).toMatchObject({ lines: 5, blank: 2, exact: 0 })
    expect([...written.removed.subarray(0, 5)]).toEqual([0, 0, 0, 1, 0])
    expect(same([{ filter: 'record.a > 1', mark: 1 }], ['{"a":1}', '{"a":2}', '{"a":1}']).removed[1]).toBe(2)
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

  it('leaves bytes that are no text to whoever knows more', () => {
    const block = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"b":1}\n\n')])
    const seen: [string, number][] = []
    const writer = new JsonWriter(jsonSteps([])!, (line, index) => {
      seen.push([line.toString('latin1'), index])
      return index === 0 ? '' : `${line.toString()}\n`
    })
    const written = writer.write(block)
    expect(Buffer.from(written.bytes).toString()).toBe('{"b":1}\n')
    expect(seen).toEqual([
      ['{"a":"\xff"}', 0],
      ['{"b":1}', 1],
    ])
  })

  it('writes many rows and blocks of any size', () => {
    const writer = new JsonWriter(jsonSteps(STEPS[2]!)!, rowTierOf(STEPS[2]!))
    for (const count of [1, 5000, 20_000, 3]) {
      const lines = Array.from(
        { length: count },
        (_, i) => `{"status":200,"i":${i},"bytes":${i * 7},"ms":${i % 1000}}`,
      )
      const written = writer.write(Buffer.from(`${lines.join('\n')}\n`))
      expect(Buffer.from(written.bytes).toString()).toBe(lines.map(rowTier(STEPS[2]!)).join(''))
    }
  })

  it.each([
    [[{ filter: 'record', mark: 1 }]],
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
    [[{ filter: 'Math.random() > 0.5', mark: 1 }]],
  ])('needs whole records for %j', (steps) => {
    expect(jsonSteps(steps)).toBeUndefined()
  })
})

function rowTierOf(steps: readonly JsonStep[]): (line: Buffer) => string {
  const line = rowTier(steps)
  return (bytes) => line(bytes.toString())
}
