/** The same record with fields added or replaced. */
import { z } from 'zod'
import { describeValue } from '../../spec/describe-value.ts'
import { compileExpression, reasonOf } from '../../spec/expression.ts'
import { FieldError } from '../../spec/field-error.ts'
import { expression, field } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'
import { recordCopier } from '../../spec/record-copier.ts'
import { fieldWriter, isFields } from '../../spec/record-fields.ts'

export const derive = defineProcessor({
  type: 'derive',
  title: 'Derive',
  summary: 'Adds or replaces fields, each from an expression.',
  docs: `Every record is copied, and each listed field is set to the value of its expression, in order: later expressions see the fields set before them. A field that exists is replaced and keeps its place, a new one comes last. The incoming record is never changed.

**Bad input**: where an expression throws, the record leaves by **error** as it came, with the expression at fault. So does a record that is not an object, as it has no fields; use **map** for those.`,
  config: z.object({
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
  each({ config }) {
    const copyOf = recordCopier()
    const write = config.fields.map((entry) => fieldWriter(entry.field))
    const values = config.fields.map((entry) => compileExpression(entry.value))
    return (record, emit) => {
      if (!isFields(record))
        throw new Error(`the record is ${describeValue(record)}; only objects have fields`)
      const copy = copyOf(record)
      let at = 0
      try {
        for (; at < values.length; at++) write[at]!(copy, values[at]!(copy))
      } catch (error) {
        throw new FieldError(reasonOf(error), `fields.${at}.value`, error)
      }
      emit['out']!(copy)
    }
  },
})
