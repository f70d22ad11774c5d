/** Records of two wires that belong together. */
import { z } from 'zod'
import { BatchWriter } from '../../spec/batches.ts'
import { Breather } from '../../spec/breather.ts'
import { reasonOf } from '../../spec/expression.ts'
import { field } from '../../spec/fields.ts'
import { keyOf, keyOfAll } from '../../spec/identity.ts'
import { JoinFields, type JoinKey } from '../../spec/join-fields.ts'
import { defineProcessor, ERROR_PORT, type Batch, type DataRecord, type RunContext } from '../../spec/node.ts'
import { fieldReader } from '../../spec/record-fields.ts'
import { Joiner, JOIN_KINDS, type JoinedKey } from '../../spill/joiner.ts'
import { OneSideFirst } from '../../spill/one-side-first.ts'
import { partOfMemory } from '../../spill/part-of-memory.ts'

const config = () =>
  z.object({
    kind: field(z.enum(JOIN_KINDS).default('inner'), {
      title: 'Kind',
      description: 'Which records leave: only pairs, or those without a partner too; see the documentation.',
    }),
    keys: field(
      z
        .array(
          z.object({
            left: field(z.string().min(1).default('id'), {
              title: 'Left',
              description: 'The field of the left records.',
              editor: 'field',
            }),
            right: field(z.string().optional(), {
              title: 'Right',
              description: 'The field of the right records that is equal to it. Empty: the same name.',
              editor: 'field',
            }),
          }),
        )
        .min(1)
        .default([{ left: 'id' }]),
      { title: 'Where', description: 'Records belong together where all of these fields are equal.' },
    ),
    prefix: field(z.string().min(1).default('right_'), {
      title: 'Prefix',
      description: 'Put before the name of a right field where the left record has one of that name.',
      when: { kind: ['inner', 'left', 'right', 'full'] },
    }),
  })

type Config = z.infer<ReturnType<typeof config>>

export const join = defineProcessor<Config>({
  type: 'join',
  title: 'Join',
  summary: 'Puts together the records of two wires that have equal fields.',
  docs: `Reads all of **right** first and holds it, then sends the records of **left** with their partners as they come. Wire the smaller side to **right**.

| kind | gives |
|---|---|
| \`inner\` | a record for each pair of partners |
| \`left\` | the same, and left records without a partner |
| \`right\` | the same as inner, and right records without a partner, behind all others |
| \`full\` | pairs, left ones and right ones without a partner |
| \`semi\` | left records that have a partner, as they are, once |
| \`anti\` | left records that have none, as they are |

The record of a pair has the left fields, then the right ones. A key field of the same name on both sides is there once; any other right field whose name the left record has gets the **prefix**. Where a side is missing its fields are null (the first thousand names that were seen).

Values are equal as they are: 1 and "1" differ; NaN is equal to NaN; dates, lists and objects are equal where their contents are. Null and missing are equal to nothing, not even to null, as in SQL: such records have no partner.

Results come in the order of the left records, and those of one left record in the order of the right ones. What memory does not hold goes to temporary files: both sides then end before the first result leaves, and the order is the same.

**Bad input**: a record that is not an object, or that holds something without contents to compare in a key, leaves by **error**, with its number on its side.`,
  config,
  check({ keys }): Record<string, string> {
    const texts = keys.map(({ left, right }) => JSON.stringify([left, right || left]))
    const doubled = texts.findIndex((text, index) => texts.indexOf(text) !== index)
    return doubled < 0 ? {} : { [`keys.${doubled}.left`]: 'This pair of fields is listed twice.' }
  },
  ports: {
    in: {
      left: { type: 'any', description: 'Records to find partners for; their order is kept.' },
      right: { type: 'any', description: 'The partners; the side that is held.' },
    },
    out: { out: { type: 'record', description: 'What the kind of join gives.' }, error: ERROR_PORT },
  },
  look: { icon: 'combine', face: '{kind} on {keys.left}' },
  laws: { holds: 'all' },
  examples: [
    {
      title: 'Orders with their customers',
      config: { keys: [{ left: 'customer', right: 'id' }] },
      in: {
        left: [
          { order: 1, customer: 7, name: 'lamp' },
          { order: 2, customer: 8, name: 'desk' },
          { order: 3, customer: 7, name: 'chair' },
        ],
        right: [
          { id: 7, name: 'Ada' },
          { id: 9, name: 'Bob' },
        ],
      },
      out: {
        out: [
          { order: 1, customer: 7, name: 'lamp', id: 7, right_name: 'Ada' },
          { order: 3, customer: 7, name: 'chair', id: 7, right_name: 'Ada' },
        ],
      },
    },
    {
      title: 'All of both sides; null is equal to nothing',
      config: { kind: 'full' },
      in: {
        left: [
          { id: 1, a: 'x' },
          { id: null, a: 'y' },
        ],
        right: [
          { id: null, b: 2 },
          { id: 1, b: 3 },
        ],
      },
      out: {
        out: [
          { id: 1, a: 'x', b: 3 },
          { id: null, a: 'y', b: null },
          { id: null, a: null, b: 2 },
        ],
      },
    },
    {
      title: 'Those without a partner',
      config: { kind: 'anti' },
      in: { left: [{ id: 1 }, { id: 2 }, {}], right: [{ id: 2 }, { id: 2 }] },
      out: { out: [{ id: 1 }, {}] },
    },
    {
      title: 'A record without fields',
      config: { kind: 'semi' },
      in: { left: [{ id: 1 }, 1], right: [{ id: 1 }] },
      out: {
        out: [{ id: 1 }],
        error: [
          {
            reason: 'the record is the number 1, so it has no field "id"',
            node: 'join',
            record: 1,
            number: 2,
            field: 'keys.0.left',
          },
        ],
      },
    },
  ],
  spread: ({ kind }) => (kind === 'right' || kind === 'full' ? undefined : { over: 'left', whole: 'right' }),
  async run(context) {
    const { config, input, output, clock, memory, signal } = context
    const names = config.keys.map(({ left, right }) => ({ left, right: right || left }))
    const joiner = new Joiner(config.kind, new JoinFields(names, config.prefix), partOfMemory(memory, 0.8))
    const sides = new OneSideFirst(
      { first: input['right']!, second: input['left']! },
      { clock, memory: partOfMemory(memory, 0.2) },
    )
    const out = new BatchWriter(output['out']!)
    try {
      const right = keyedRows('right', names, context)
      for await (const batch of sides.first()) {
        for (const { key, record } of await right(batch)) joiner.addRight(key, record)
      }
      const left = keyedRows('left', names, context)
      for await (const batch of sides.second()) {
        for (const { key, record } of await left(batch)) {
          for (const joined of joiner.addLeft(key, record)) {
            const room = out.add(joined)
            if (room) await room
          }
        }
        await out.flush()
      }
      const breather = new Breather(signal)
      for (const joined of joiner.rest()) {
        const room = joined === undefined ? breather.step() : out.add(joined)
        if (room) await room
      }
      await out.flush()
    } finally {
      joiner.clear()
      await sides.end()
    }
  },
})

interface KeyedRow {
  key: JoinedKey
  record: DataRecord
}

/** Makes the function that reads the keys of a batch of one side and sends away what has none to read. */
function keyedRows(
  side: 'left' | 'right',
  names: readonly JoinKey[],
  { reject, isCopy }: Pick<RunContext<Config>, 'reject' | 'isCopy'>,
): (batch: Batch) => Promise<KeyedRow[]> {
  const readers = names.map((name) => fieldReader(name[side]))
  let number = 0
  return async (batch) => {
    const rows: KeyedRow[] = []
    for (const record of batch) {
      number++
      let at = 0
      try {
        const values: unknown[] = []
        for (at = 0; at < readers.length; at++) values.push(readers[at]!(record))
        const isNull = values.some((value) => value === null || value === undefined)
        const key = isNull ? undefined : values.length === 1 ? keyOf(values[0]) : keyOfAll(values)
        rows.push({ key, record })
      } catch (error) {
        if (isCopy(side)) continue
        // One that cannot be compared is found out when all are read.
        const field = `keys.${Math.min(at, readers.length - 1)}.${side}`
        const room = reject({ reason: reasonOf(error), record, number, field })
        if (room) await room
      }
    }
    return rows
  }
}
