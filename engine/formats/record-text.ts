/** A record as one line of text; what cannot be written says why instead of changing silently. */
import type { DataRecord } from '../spec/node.ts'
import { reasonOf } from '../spec/expression.ts'

/** Thrown where a record cannot be written in a format; the message is the reason. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'
}

/**
 * JSON without line breaks. Inside a record JSON's own rules hold: NaN and infinities become null, dates become text,
 * fields that are undefined or functions are left out.
 * @throws UnwritableError for what JSON cannot hold
 */
export function jsonLine(record: DataRecord): string {
  let text: string | undefined
  try {
    text = JSON.stringify(record)
  } catch (error) {
    const circular = error instanceof TypeError && error.message.includes('circular')
    const reason = circular ? 'it contains itself' : reasonOf(error)
    throw new UnwritableError(`The record cannot be written as JSON: ${reason}.`)
  }
  if (text === undefined)
    throw new UnwritableError(`The record cannot be written as JSON: it is ${kindOf(record)}.`)
  return text
}

/**
 * Text as it is, big integers as digits, other values as JSON.
 * @throws UnwritableError for what JSON cannot hold, and for text with line breaks
 */
export function textLine(record: DataRecord): string {
  if (typeof record === 'bigint') return String(record)
  if (typeof record !== 'string') return jsonLine(record)
  if (!record.includes('\n')) return record
  throw new UnwritableError('The text holds a line break, so it would become several lines.')
}

/** What a value is, with its article, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}
