/** Shallow copies of records, by the literals of `record-shaper.ts`. */
import { putField } from './record-fields.ts'
import type { Fields } from './record-fields.ts'
import { recordShaper } from './record-shaper.ts'

/**
 * Makes a function that copies records; keep one per place, as it remembers what it saw last.
 * @param added fields that are undefined in the copy where the record does not have them: adding them later, to
 *   a literal without room for them, costs half as much again
 */
export function recordCopier(added: readonly string[] = []): (record: Fields) => Fields {
  return recordShaper(
    (names) => [
      ...names.map((name) => ({ to: name, from: name })),
      ...added.filter((name) => !names.includes(name)).map((to) => ({ to })),
    ],
    (record) => {
      const copy = plainCopy(record)
      for (const name of added) if (!Object.hasOwn(copy, name)) putField(copy, name, undefined)
      return copy
    },
  )
}

/** `Object.assign` is the faster one of the two; only a field named `__proto__` would get lost in it. */
function plainCopy(record: Fields): Fields {
  const simple = Object.getPrototypeOf(record) === Object.prototype && !Object.hasOwn(record, '__proto__')
  return simple ? Object.assign({}, record) : { ...record }
}
