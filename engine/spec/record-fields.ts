/** Reading and writing the fields of records whose names come from a config. */
import { describeValue } from './describe-value.ts'

/** A record with named fields. */
export type Fields = Record<string, unknown>

/** True for objects that are not lists. */
export function isFields(record: unknown): record is Fields {
  return typeof record === 'object' && record !== null && !Array.isArray(record)
}

/**
 * Makes the function that reads one field; a missing field reads as undefined. The empty name reads the record itself.
 * The function throws where the record has no fields at all, so that a wrong wire is not mistaken for missing data.
 */
export function fieldReader(name: string): (record: unknown) => unknown {
  if (name === '') return (record) => record
  if (name in Object.prototype) {
    return (record) => {
      const fields = fieldsOf(record, name)
      return Object.hasOwn(fields, name) ? fields[name] : undefined
    }
  }
  return (record) => fieldsOf(record, name)[name]
}

/** The record as fields. `name` is the one that was wanted. */
function fieldsOf(record: unknown, name: string): Fields {
  if (isFields(record)) return record
  throw new Error(`the record is ${describeValue(record)}, so it has no field ${JSON.stringify(name)}`)
}

/** Sets a field, also one that is called `__proto__`, which plain assignment would lose. */
export function putField(target: Fields, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    target[name] = value
  }
}

/**
 * Makes the function that sets one field: compiled with the name in it, so that V8 sees one kind of write per
 * function instead of all names in one place.
 */
export function fieldWriter(name: string): (target: Fields, value: unknown) => void {
  if (name === '__proto__') return (target, value) => putField(target, name, value)
  return new Function('target', 'value', `target[${JSON.stringify(name)}] = value`) as (
    target: Fields,
    value: unknown,
  ) => void
}
