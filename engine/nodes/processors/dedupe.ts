/** Each record once. */
import { z } from 'zod'
import { BatchWriter } from '../../spec/batches.ts'
import { Breather } from '../../spec/breather.ts'
import { field } from '../../spec/fields.ts'
import { keyOf, keyOfAll, type Key } from '../../spec/identity.ts'
import { defineProcessor, ERROR_PORT, type DataRecord } from '../../spec/node.ts'
import { SIEVED } from '../../spec/shared-work.ts'
import { reasonOf } from '../../spec/expression.ts'
import { NodeError } from '../../spec/node-error.ts'
import { fieldReader } from '../../spec/record-fields.ts'
import { FirstOfKey } from '../../spill/first-of-key.ts'
import { KeySieve } from '../../spill/key-sieve.ts'

const config = () =>
  z.object({
    by: field(z.array(z.string().min(1)).default([]), {
      title: 'By',
      description:
        'Records with equal values in these fields are the same. Empty: those equal in all of them.',
      editor: 'fields',
    }),
  })

type Config = z.infer<ReturnType<typeof config>>

export const dedupe = defineProcessor<Config>({
  type: 'dedupe',
  title: 'Dedupe',
  summary: 'Keeps the first of records that are the same.',
  docs: `Sends the first record of each kind by **out**, in the order in which they came, and the others by **duplicates**; without a wire there they are dropped and counted. Records leave as they come, so that a live source stays live.

Two records are the same where the fields of the list are equal, or all of their fields where the list is empty; the order of fields does not matter. Values are equal as they are: 1 and "1" differ; null and missing are one value, NaN is one; dates, lists and objects are equal where their contents are.

Only what tells records apart is held, not the records. Where that is more than the memory of the run, records that are not known to be duplicates wait in temporary files until the input has ended, and follow then, in their order.

**Bad input**: a record that is not an object, where a field is wanted, and one that holds something without contents to compare, such as a function, leave by **error**.`,
  config,
  check({ by }): Record<string, string> {
    const doubled = by.findIndex((name, index) => by.indexOf(name) !== index)
    return doubled < 0 ? {} : { [`by.${doubled}`]: `“${by[doubled]}” is listed twice.` }
  },
  ports: {
    out: {
      out: { type: 'any', description: 'The first record of each kind.' },
      duplicates: {
        type: 'any',
        description: 'The records that are the same as one before.',
        optional: true,
      },
      error: ERROR_PORT,
    },
  },
  look: { icon: 'copy-minus', face: 'by {by}' },
  laws: { ordered: true, conserves: true, holds: 'all' },
  examples: [
    {
      title: 'Whole records',
      config: {},
      in: { in: [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, 'x', 'x'] },
      out: { out: [{ a: 1, b: 2 }, { a: 1 }, 'x'], duplicates: [{ b: 2, a: 1 }, 'x'] },
    },
    {
      title: 'The first visit of each user',
      config: { by: ['user'] },
      in: {
        in: [
          { user: 'ada', at: 1 },
          { user: 'bob', at: 2 },
          { user: 'ada', at: 3 },
          { at: 4 },
          { user: null },
        ],
      },
      out: {
        out: [{ user: 'ada', at: 1 }, { user: 'bob', at: 2 }, { at: 4 }],
        duplicates: [{ user: 'ada', at: 3 }, { user: null }],
      },
    },
    {
      title: 'A record without fields',
      config: { by: ['id'] },
      in: { in: [{ id: 1 }, 1] },
      out: {
        out: [{ id: 1 }],
        error: [
          {
            reason: 'the record is the number 1, so it has no field "id"',
            node: 'dedupe',
            record: 1,
            number: 2,
            field: 'by',
          },
        ],
      },
    },
  ],
  firsts: ({ by }) => ({ key: keyReader(by), field: 'by', first: 'out', other: 'duplicates' }),
  sieve({ by }, isWired) {
    if (isWired('duplicates')) return undefined
    const key = keyReader(by)
    const met = new KeySieve()
    return (record) => {
      if (!met.isOfUse) return false
      try {
        return met.hasMet(key(record))
      } catch {
        // The node says what is wrong with it.
        return false
      }
    }
  },
  async run({ config: { by }, input, output, memory, signal, reject }) {
    const key = keyReader(by)
    const firsts = new FirstOfKey(memory)
    const out = new BatchWriter(output['out']!)
    const duplicates = new BatchWriter(output['duplicates']!)
    let number = 0
    try {
      for await (const batch of input['in']!) {
        for (const record of batch) {
          number++
          let first: boolean | undefined
          try {
            const known = record === SIEVED ? undefined : key(record)
            first = known === undefined ? false : firsts.isFirst(known)
            if (first === undefined) firsts.hold(known!, record)
          } catch (error) {
            if (error instanceof NodeError) throw error
            // Where nothing takes it the run ends, and one before it may have failed in a node behind.
            await out.flush()
            await duplicates.flush()
            const room = reject({ reason: reasonOf(error), record, number, field: 'by' })
            if (room) await room
            continue
          }
          const room = first === undefined ? undefined : (first ? out : duplicates).add(record)
          if (room) await room
        }
        await out.flush()
        await duplicates.flush()
      }
      const breather = new Breather(signal)
      for (const decided of firsts.rest()) {
        const room = decided && (decided.first ? out : duplicates).add(decided.record)
        if (room) await room
        const turn = breather.step()
        if (turn) await turn
      }
      await out.flush()
      await duplicates.flush()
    } finally {
      firsts.clear()
    }
  },
})

function keyReader(by: readonly string[]): (record: DataRecord) => Key {
  const readers = by.map(fieldReader)
  const [only] = readers
  if (!only) return keyOf
  if (readers.length === 1) return (record) => keyOf(only(record))
  return (record) => keyOfAll(readers.map((read) => read(record)))
}
