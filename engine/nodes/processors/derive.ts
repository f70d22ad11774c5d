/** The same record with fields added or replaced. */
import { z } from 'zod'
import { describeValue } from '../../spec/describe-value.ts'
import { inlineExpression } from '../../spec/each-source.ts'
import { reasonOf } from '../../spec/expression.ts'
import { FieldError } from '../../spec/field-error.ts'
import { expression, field } from '../../spec/fields.ts'
import { defineProcessor, type DataRecord } from '../../spec/node.ts'
import { onlyReadsFields } from '../../spec/plain-reads.ts'
import { recordCopier } from '../../spec/record-copier.ts'
import { putField } from '../../spec/record-fields.ts'

export const derive = defineProcessor({
  type: 'derive',
  title: 'Derive',
  summary: 'Adds or replaces fields, each from an expression.',
  docs: `Every record is copied, and each listed field is set to the value of its expression, in order: later expressions see the fields set before them. A field that exists is replaced and keeps its place, a new one comes last. The incoming record is never changed.

**Bad input**: where an expression throws, the record leaves by **error** as it came, with the expression at fault. So does a record that is not an object, as it has no fields; use **map** for those.`,
  config: () =>
    z.object({
      fields: field(
        z
          .array(
            z.object({
              field: field(z.string().min(1), {
                title: 'Field',
                description: 'The field to add or replace.',
                editor: 'field',
              }),
              value: expression({
                title: 'Value',
                description: 'JavaScript; `record` is the record with the fields set so far.',
                placeholder: 'record.bytes / 1024',
              }),
            }),
          )
          .default([]),
        { title: 'Fields', description: 'The fields to set, in this order.' },
      ),
    }),
  look: { icon: 'square-plus', face: '{fields.field}' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'Later fields see earlier ones',
      config: {
        fields: [
          { field: 'net', value: 'record.gross / 1.19' },
          { field: 'tax', value: 'record.gross - record.net' },
        ],
      },
      in: { in: [{ id: 1, gross: 119 }] },
      out: { out: [{ id: 1, gross: 119, net: 100, tax: 19 }] },
    },
    {
      title: 'An expression that throws',
      config: {
        fields: [
          { field: 'seen', value: 'true' },
          { field: 'city', value: 'record.address.city' },
        ],
      },
      in: { in: [{ id: 1, address: { city: 'Ghent' } }, { id: 2 }] },
      out: {
        out: [{ id: 1, address: { city: 'Ghent' }, seen: true, city: 'Ghent' }],
        error: [
          {
            reason: "Cannot read properties of undefined (reading 'city')",
            node: 'derive',
            record: { id: 2 },
            number: 2,
            field: 'fields.1.value',
          },
        ],
      },
    },
  ],
  eachSource({ config: { fields } }, emit) {
    const values = fields.map(({ value }, at) => inlineExpression(value, `weir_expression${at}`))
    const sets = fields.map(({ field }, at) => {
      // An expression may assign `record`, which then is not the copy any more.
      const value = `(record = weir_copied, ${values[at]!.body})`
      const name = JSON.stringify(field)
      const set =
        field === '__proto__' ? `weir_put(weir_copied, ${name}, ${value})` : `weir_copied[${name}] = ${value}`
      return `weir_at = ${at}; ${set};`
    })
    return {
      body: `
        if (typeof record !== 'object' || record === null || weir_isArray(record)) weir_refuse(record)
        const weir_copied = weir_copy(record)
        let weir_at = 0
        try { ${sets.join('\n')} } catch (weir_cause) { weir_fail(weir_cause, weir_at) }
        ${emit('out', 'weir_copied')}`,
      returns: values.every(({ returns }) => returns),
      values: Object.assign({}, ...values.map((value) => value.values), {
        weir_isArray: Array.isArray,
        weir_copy: recordCopier(roomFor(fields)),
        weir_put: putField,
        weir_refuse: refuse,
        weir_fail: fail,
      }) as Record<string, unknown>,
    }
  },
})

/**
 * Fields that copies may have from the start, undefined until they are set, because no expression can tell: all
 * of them, or none. Names that every object inherits read as something else than undefined.
 */
function roomFor(fields: readonly { field: string; value: string }[]): string[] {
  const hidden = fields.every(({ field, value }) => !(field in Object.prototype) && onlyReadsFields(value))
  return hidden ? fields.map(({ field }) => field) : []
}

function refuse(record: DataRecord): never {
  throw new Error(`the record is ${describeValue(record)}; only objects have fields`)
}

function fail(cause: unknown, at: number): never {
  throw new FieldError(reasonOf(cause), `fields.${at}.value`, cause)
}
