/** Several lines of JavaScript for each record. */
import { z } from 'zod'
import { compileScript } from '../../spec/expression.ts'
import { script as scriptField } from '../../spec/fields.ts'
import { defineProcessor, type DataRecord } from '../../spec/node.ts'
import { recordCopier } from '../../spec/record-copier.ts'
import type { Fields } from '../../spec/record-fields.ts'

/** A record may become this many; a loop that emits for ever would fill the memory. */
const MOST = 1_000_000
const NOTHING = 'the script returned nothing; return a record, emit(…) or return null to drop it'

export const script = defineProcessor({
  type: 'script',
  title: 'Script',
  summary: 'Runs a function of several lines on each record.',
  docs: `The body of a JavaScript function, called once for each record with

- \`record\`: the record; objects and lists are copied one level deep, so their fields may be set,
- \`emit(value)\`: sends a record on, as often as you like,
- \`index\`: the record's position, counted from 0.

\`return value\` sends the value on too. \`return null\` drops the record; that is the way to say that it is not wanted, and the difference between *in* and *out* counts it. Reaching the end without a value and without \`emit\` is taken for a mistake.

The function must answer at once: \`await\` and promises are refused. Strict mode is on.

**Bad input**: where the script throws or returns nothing, the record leaves by **error** with the line of the script, and nothing that it had emitted for that record is sent. A script that loops for ever is ended by **Stop**.`,
  config: () =>
    z.object({
      body: scriptField(
        { title: 'Script', description: 'The function’s body, with `record`, `emit` and `index`.' },
        'return record',
      ),
    }),
  look: { icon: 'code', face: '{body}' },
  laws: { ordered: true, holds: 0 },
  examples: [
    {
      title: 'Changing the copy',
      config: { body: 'record.total = record.price * record.count\nreturn record' },
      in: { in: [{ price: 2, count: 3 }] },
      out: { out: [{ price: 2, count: 3, total: 6 }] },
    },
    {
      title: 'Several records, and none',
      config: {
        body: 'if (record < 0) return null\nfor (let i = 0; i < record; i++) emit(i)\nreturn "end of " + index',
      },
      in: { in: [2, -1, 0] },
      out: { out: [0, 1, 'end of 0', 'end of 2'] },
    },
    {
      title: 'Mistakes carry their line',
      config: { body: 'const id = record.user.id\nif (id > 1) return id' },
      in: { in: [{ user: { id: 2 } }, {}, { user: { id: 1 } }] },
      out: {
        out: [2],
        error: [
          {
            reason: "Cannot read properties of undefined (reading 'id') (line 1 of the script)",
            node: 'script',
            record: {},
            number: 2,
            field: 'body',
          },
          { reason: NOTHING, node: 'script', record: { user: { id: 1 } }, number: 3, field: 'body' },
        ],
      },
    },
  ],
  each({ config }) {
    const body = compileScript(config.body, ['record', 'emit', 'index'])
    const copyOf = recordCopier()
    let index = 0
    // What the record at hand has emitted; undefined between two records.
    let made: DataRecord[] | undefined
    const collect = (value: DataRecord) => {
      if (!made) throw new Error('emit was called after the script had returned')
      if (made.length === MOST) throw new Error(`the script emitted more than ${MOST} records for one`)
      made.push(value)
    }
    return (record, emit) => {
      const emitted: DataRecord[] = []
      made = emitted
      let value: unknown
      try {
        value = body(ownCopy(record, copyOf), collect, index++)
      } finally {
        made = undefined
      }
      if (isPromise(value)) throw new Error('the script returned a promise; it must answer at once')
      if (value === undefined && emitted.length === 0) throw new Error(NOTHING)
      const out = emit['out']!
      for (const one of emitted) out(one)
      if (value !== undefined && value !== null) out(value)
    }
  },
})

/** A copy one level deep, as other branches may hold the same record. Dates, maps and the like pass as they are. */
function ownCopy(record: DataRecord, copyOf: (record: Fields) => Fields): DataRecord {
  if (typeof record !== 'object' || record === null) return record
  if (Array.isArray(record)) return record.slice()
  const prototype: unknown = Object.getPrototypeOf(record)
  return prototype === Object.prototype || prototype === null ? copyOf(record as Fields) : record
}

function isPromise(value: unknown): boolean {
  if (!(value instanceof Promise)) return false
  // Its failure is already told; it must not end the process as an unhandled one.
  value.catch(() => undefined)
  return true
}
