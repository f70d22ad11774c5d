/** What only the text of a flow file shows: mistakes, doubled keys, numbers that JavaScript cannot hold. */
import { isObject } from '../spec/schema-paths.ts'
import { lineAndColumn, MAX_DEPTH, MAX_KEYS, scanJson } from './json-scan.ts'
import type { JsonMistake } from './json-scan.ts'
import { problem, quote } from './problem-text.ts'
import type { Place, Problem } from './problem.ts'

/** Problems listed at most; the rest are counted. */
export const MAX_PROBLEMS = 100

/** Keys that JavaScript gives a meaning of its own; a file must not reach it. */
const RESERVED = '__proto__'

/** Text with errors must not be parsed. `reserved`: pass the value through `withoutReserved`. */
export function checkText(json: string): { problems: Problem[]; reserved: boolean } {
  const errors: Problem[] = []
  const warnings: Problem[] = []
  let reserved = false
  const report = (list: Problem[], offset: number, make: (at: Place) => Problem) => {
    if (list.length < MAX_PROBLEMS) list.push(make(lineAndColumn(json, offset)))
  }
  const mistake = scanJson(json, {
    key(path, key, { offset, doubled }) {
      if (key === RESERVED) {
        reserved = true
        report(warnings, offset, (at) =>
          problem('unknown-key', at, { key, place: placeName(path), kept: false, why: 'is reserved' }),
        )
      } else if (doubled) {
        const what = `${quote(key)} is there twice in ${placeName(path)}`
        report(errors, offset, (at) =>
          problem('bad-shape', at, { what, remedy: 'Remove or rename one of the two.' }),
        )
      }
    },
    number(text, offset) {
      const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
      const remedy = 'Write it as a text, in double quotes.'
      if (!Number.isFinite(Number(text))) {
        report(errors, offset, (at) =>
          problem('bad-shape', at, { what: `The number ${shown} is too large`, remedy }),
        )
      } else if (losesDigits(text)) {
        const what = `The number ${shown} has more digits than can be kept`
        report(warnings, offset, (at) => ({
          ...problem('bad-shape', at, { what, remedy }),
          severity: 'warning',
        }))
      }
    },
  })
  if (!mistake) return { problems: [...errors, ...warnings], reserved }
  const at = lineAndColumn(json, mistake.offset)
  return { problems: [mistakeProblem(mistake, at)], reserved }
}

function mistakeProblem({ kind, what, hint }: JsonMistake, at: Place): Problem {
  const remedy = 'Keep such data in a file of its own, and read it with a node.'
  if (kind === 'too-wide') {
    return problem('too-large', at, {
      what: 'An object in the file has too many keys',
      limit: `${MAX_KEYS} keys`,
    })
  }
  return kind === 'too-deep'
    ? problem('bad-shape', at, { what: `The file is nested more than ${MAX_DEPTH} levels deep`, remedy })
    : problem('not-json', at, { what, hint })
}

/** True for whole numbers that a double cannot hold, such as 64-bit ids. */
function losesDigits(text: string): boolean {
  return text.length > 15 && /^-?\d+$/.test(text) && BigInt(text) !== BigInt(Number(text))
}

function placeName(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'the flow' : path.join('.')
}

/** A copy without reserved keys. Recursion is safe: the scan has limited the depth. */
export function withoutReserved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReserved)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== RESERVED)
      .map(([key, inner]) => [key, withoutReserved(inner)]),
  )
}
