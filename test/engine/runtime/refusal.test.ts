/** What is said of a record that a node's code did not take. */
import { expect, it } from 'vitest'
import { reasonFor } from '../../../engine/runtime/refusal.ts'
import { FieldError } from '../../../engine/spec/field-error.ts'

const missing = new ReferenceError('status is not defined')

it('names the field of the record where its name alone is no variable', () => {
  expect(reasonFor(missing, 'condition', { status: 404 })).toEqual({
    reason: 'status is not defined; the field is record.status',
    field: 'condition',
  })
})

it('does so for code of one field among several, too', () => {
  const error = new FieldError(missing.message, 'fields.1.value', missing)
  expect(reasonFor(error, undefined, { status: 404 })).toEqual({
    reason: 'status is not defined; the field is record.status',
    field: 'fields.1.value',
  })
})

it('says no more than the error where the record has no such field', () => {
  for (const record of [{ code: 404 }, 404, null, ['status']])
    expect(reasonFor(missing, undefined, record)).toEqual({ reason: 'status is not defined' })
  const error = new TypeError('status is not defined')
  expect(reasonFor(error, undefined, { status: 404 })).toEqual({ reason: 'status is not defined' })
})
