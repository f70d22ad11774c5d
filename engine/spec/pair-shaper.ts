/**
 * Records made of two records each, fast where the pairs look alike: a literal with the names of both, compiled for the
 * shapes that were seen last (see `record-shaper.ts`). Spreading one and adding the fields of the other costs ten times
 * as much.
 */
import { compileWith } from './compile-with.ts'
import type { Fields } from './record-fields.ts'
import { literalText } from './record-shaper.ts'

/** After so many compiled shapes the records are taken to be all different, and made the plain way. */
const MOST_SHAPES = 16
/** Wider pairs are made the plain way. */
const MOST_FIELDS = 100

export type PairShaper = (left: Fields, right: Fields) => Fields

/** A field of the right record, by the name that it gets in the result. */
export interface RightField {
  from: string
  to: string
}

/**
 * Makes a function that makes a record of all fields of the left one and some of the right one; keep one per place.
 * @param rightFields those of the right one, in order, for records with the given fields; no name is one of the left ones
 * @param plain does the same to one pair, whatever it is
 */
export function pairShaper(
  rightFields: (left: readonly string[], right: readonly string[]) => RightField[],
  plain: PairShaper,
): PairShaper {
  let shapes = 0
  const compile = (left: Fields, right: Fields): PairShaper | undefined => {
    if (!isPlain(left) || !isPlain(right) || shapes >= MOST_SHAPES) return undefined
    const [leftNames, rightNames] = [Object.keys(left), Object.keys(right)]
    if (leftNames.length + rightNames.length > MOST_FIELDS) return undefined
    shapes++
    return compilePair(leftNames, rightNames, rightFields(leftNames, rightNames))
  }
  return compileWith<PairShaper>(
    `let literal
    const other = (left, right) => {
      const made = weir_compile(left, right)
      if (!made) return weir_plain(left, right)
      literal = made
      return literal(left, right) ?? weir_plain(left, right)
    }
    return (left, right) => (literal !== undefined && literal(left, right)) || other(left, right)`,
    { weir_compile: compile, weir_plain: plain },
  )
}

function isPlain(record: Fields): boolean {
  return Object.getPrototypeOf(record) === Object.prototype
}

/** Handles pairs of records with just these fields in this order, and gives nothing for any other. */
function compilePair(
  left: readonly string[],
  right: readonly string[],
  taken: readonly RightField[],
): PairShaper {
  const literal = literalText([
    ...left.map((name) => ({ to: name, value: `left[${JSON.stringify(name)}]` })),
    ...taken.map(({ from, to }) => ({ to, value: `right[${JSON.stringify(from)}]` })),
  ])
  return compileWith<PairShaper>(
    `return (left, right) => {
      let count = 0
      for (const name in left) if (name !== weir_left[count++]) return undefined
      if (count !== ${left.length}) return undefined
      count = 0
      for (const name in right) if (name !== weir_right[count++]) return undefined
      if (count !== ${right.length}) return undefined
      const made = ${literal}
      return weir_isPlain(left) && weir_isPlain(right) ? made : undefined
    }`,
    { weir_left: left, weir_right: right, weir_isPlain: isPlain },
  )
}
