/**
 * Records made of records by name, fast where they look alike, as records of one source do. Spreading an object costs
 * about 1 µs in V8 up to version 11; a literal that names the fields costs a fiftieth of it. So the shaper compiles a
 * literal for the fields it sees and uses it for as long as the next record has the same ones in the same order.
 */
import { compileWith } from './compile-with.ts'
import type { Fields } from './record-fields.ts'

/** After so many compiled shapes the records are taken to be all different, and made the plain way. */
const MOST_SHAPES = 16
/** Wider records are made the plain way: the literal would cost more to check and to make. */
const MOST_FIELDS = 100

export type Shaper = (record: Fields) => Fields

/** A field of the result, and the field that its value comes from; undefined without one. */
export interface ShapedField {
  to: string
  from?: string
}

/**
 * Makes a function that makes records; keep one per place, as it remembers what it saw last.
 * @param fieldsFor the fields of the result, in order, for a record with the given ones
 * @param plain does the same to one record, whatever it is
 */
export function recordShaper(fieldsFor: (names: readonly string[]) => ShapedField[], plain: Shaper): Shaper {
  let shapes = 0
  const compile = (record: Fields): Shaper | undefined => {
    if (Object.getPrototypeOf(record) !== Object.prototype) return undefined
    const names = Object.keys(record)
    if (shapes >= MOST_SHAPES || names.length > MOST_FIELDS) return undefined
    shapes++
    return compileLiteral(names, fieldsFor(names))
  }
  // Compiled, so that every shaper has type feedback of its own, and its literal can be inlined.
  return compileWith<Shaper>(
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

/** Text of a literal. Names are in brackets, so that "__proto__" is a field like any other. */
export function literalText(fields: readonly { to: string; value: string }[]): string {
  return `{ ${fields.map(({ to, value }) => `[${JSON.stringify(to)}]: ${value}`).join(', ')} }`
}

/** Handles records with just these fields in this order, and gives nothing for any other. */
function compileLiteral(names: readonly string[], fields: readonly ShapedField[]): Shaper {
  const literal = literalText(
    fields.map(({ to, from }) => ({
      to,
      value: from === undefined ? 'undefined' : `record[${JSON.stringify(from)}]`,
    })),
  )
  // The prototype is looked at last, where V8 knows the kind of object: before, it costs as much as the copy.
  return compileWith<Shaper>(
    `return (record) => {
      let count = 0
      for (const name in record) if (name !== weir_names[count++]) return undefined
      if (count !== ${names.length}) return undefined
      const made = ${literal}
      return weir_prototypeOf(record) === weir_plainPrototype ? made : undefined
    }`,
    { weir_names: names, weir_prototypeOf: Object.getPrototypeOf, weir_plainPrototype: Object.prototype },
  )
}
