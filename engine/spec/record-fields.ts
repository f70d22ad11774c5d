/** Reading and writing the fields of records whose names come from a config. */
import { compileWith } from './compile-with.ts'
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
 * It is compiled with the name in it, so that V8 sees one kind of read per function instead of all names in one place.
 */
export function fieldReader(name: string): (record: unknown) => unknown {
  if (name === '') return (record) => record
  const field = JSON.stringify(name)
  // Names that every object inherits must be the record's own.
  const read =
    name in Object.prototype
      ? `weir_hasOwn(record, ${field}) ? record[${field}] : undefined`
      : `record[${field}]`
  return compileWith<(record: unknown) => unknown>(
    `return (record) => {
      if (typeof record !== 'object' || record === null || weir_isArray(record)) weir_refuse(record)
      return ${read}
    }`,
    {
      weir_isArray: Array.isArray,
      weir_hasOwn: Object.hasOwn,
      weir_refuse: (record: unknown) => void refuseField(record, name),
    },
  )
}

/** Says that a record has no fields; `name` is the one that was wanted. */
function refuseField(record: unknown, name: string): never {
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
