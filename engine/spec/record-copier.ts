/**
 * Shallow copies of records, fast where they look alike, as records of one source do. Spreading an object costs
 * about 1 µs in V8 up to version 11; a literal that names the fields costs a fiftieth of it. So the copier compiles
 * a literal for the fields it sees and uses it for as long as the next record has the same ones in the same order.
 */
import { compileWith } from './compile-with.ts'
import { putField } from './record-fields.ts'
import type { Fields } from './record-fields.ts'

/** After so many compiled shapes the records are taken to be all different, and copied the plain way. */
const MOST_SHAPES = 16
/** Wider records are copied the plain way: the literal would cost more to check and to make. */
const MOST_FIELDS = 100

type Copy = (record: Fields) => Fields

/**
 * Makes a function that copies records; keep one per place, as it remembers what it saw last.
 * @param added fields that are undefined in the copy where the record does not have them: a literal with room for
 *   them costs half of what it costs to add them later
 */
export function recordCopier(added: readonly string[] = []): Copy {
  let shapes = 0
  const compile = (record: Fields): Copy | undefined => {
    if (Object.getPrototypeOf(record) !== Object.prototype) return undefined
    const names = Object.keys(record)
    if (shapes >= MOST_SHAPES || names.length > MOST_FIELDS) return undefined
    shapes++
    return compileLiteral(names, added)
  }
  const plain = (record: Fields): Fields => {
    const copy = plainCopy(record)
    for (const name of added) if (!Object.hasOwn(copy, name)) putField(copy, name, undefined)
    return copy
  }
  // Compiled, so that every copier has type feedback of its own, and its literal can be inlined.
  return compileWith<Copy>(
    `let literal
    const other = (record) => {
      const made = weir_compile(record)
      if (!made) return weir_plain(record)
      literal = made
      return literal(record)
    }
    return (record) => (literal !== undefined && literal(record)) || other(record)`,
    { weir_compile: compile, weir_plain: plain },
  )
}

/** `Object.assign` is the faster one of the two; only a field named `__proto__` would get lost in it. */
function plainCopy(record: Fields): Fields {
  const simple = Object.getPrototypeOf(record) === Object.prototype && !Object.hasOwn(record, '__proto__')
  return simple ? Object.assign({}, record) : { ...record }
}

/** A copier of records with just these fields in this order, which gives nothing for any other. */
function compileLiteral(names: readonly string[], added: readonly string[]): Copy {
  // In brackets, so that "__proto__" is a field like any other.
  const fields = [
    ...names.map((name) => `[${JSON.stringify(name)}]: record[${JSON.stringify(name)}]`),
    ...added.filter((name) => !names.includes(name)).map((name) => `[${JSON.stringify(name)}]: undefined`),
  ]
  // The prototype is looked at last, where V8 knows the kind of object: before, it costs as much as the copy.
  return compileWith<Copy>(
    `return (record) => {
      let count = 0
      for (const name in record) if (name !== weir_names[count++]) return undefined
      if (count !== ${names.length}) return undefined
      const copy = { ${fields.join(', ')} }
      return weir_prototypeOf(record) === weir_plainPrototype ? copy : undefined
    }`,
    { weir_names: names, weir_prototypeOf: Object.getPrototypeOf, weir_plainPrototype: Object.prototype },
  )
}
