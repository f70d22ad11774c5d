/** Which fields of `record` an expression reads, where it does nothing else with it and nothing with the world. */
import { parseExpressionAt, type Node } from 'acorn'
import { onlyReadsFields } from '../spec/plain-reads.ts'

/** A place in the expression that reads a field. */
export interface FieldRead {
  name: string
  start: number
  end: number
  /** The text that it is compared with by `===` or `!==`; start and end are then those of the comparison. */
  equals?: { text: string; negated: boolean }
}

/** Names outside of `record` that give the same to whoever asks, or at least change nothing. */
const KNOWN = new Set(
  (
    'undefined NaN Infinity Math Number String Boolean Date JSON Object Array RegExp BigInt Set Map Intl parseInt ' +
    'parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI'
  ).split(' '),
)
/** What changes something. */
const CHANGES = new Set(['AssignmentExpression', 'UpdateExpression', 'ImportExpression', 'YieldExpression'])
/**
 * As in each-source.ts: names of compiled loops, and escapes that may spell them. And chance: a row that turns out to need
 * its whole record is looked at twice.
 */
const HIDDEN = /\\u|weir_|\brandom\b/

type Part = Node & Record<string, unknown>

/**
 * The reads, in the order of the text; undefined where the fields cannot be told (`record[name]`), are ones that every object
 * has (`record.constructor`), or where more is done than reading.
 * @param source an expression without syntax mistakes
 */
export function fieldReads(source: string): FieldRead[] | undefined {
  if (HIDDEN.test(source) || !onlyReadsFields(source)) return undefined
  const reads: FieldRead[] = []
  const tree = parseExpressionAt(source, 0, { ecmaVersion: 2024 }) as Part
  const names = new Set(KNOWN)
  declare(tree, names)
  return walk(tree, names, reads) ? reads.sort((a, b) => a.start - b.start) : undefined
}

/** Collects the parameters of functions in the expression, wherever they are: more names, never fewer checks of `record`. */
function declare(part: Part, names: Set<string>): void {
  if (part.type === 'ArrowFunctionExpression' || part.type === 'FunctionExpression') {
    for (const parameter of part['params'] as Part[]) eachName(parameter, (name) => names.add(name))
  }
  for (const child of childrenOf(part)) declare(child, names)
}

function eachName(part: Part, add: (name: string) => void): void {
  if (part.type === 'Identifier') add(part['name'] as string)
  for (const child of childrenOf(part)) eachName(child, add)
}

function walk(part: Part, names: ReadonlySet<string>, reads: FieldRead[]): boolean {
  if (CHANGES.has(part.type) || part.type.endsWith('Statement') || part.type === 'AwaitExpression')
    return false
  if (part.type === 'UnaryExpression' && part['operator'] === 'delete') return false
  if (part.type === 'Identifier') return names.has(part['name'] as string)
  const name = fieldOf(part)
  if (name !== undefined) {
    reads.push({ name, start: part.start, end: part.end })
    return !(name in Object.prototype)
  }
  if (part.type === 'MemberExpression') {
    const object = part['object'] as Part
    if (object.type === 'Identifier' && object['name'] === 'record') return false
    const computed = part['computed'] === true
    return walk(object, names, reads) && (!computed || walk(part['property'] as Part, names, reads))
  }
  if (part.type === 'Property' && part['computed'] !== true) return walk(part['value'] as Part, names, reads)
  const comparison = equality(part)
  if (comparison) {
    reads.push(comparison)
    return !(comparison.name in Object.prototype)
  }
  return childrenOf(part).every((child) => walk(child, names, reads))
}

/** The name in `record.name` or `record['name']`. */
function fieldOf(part: Part): string | undefined {
  if (part.type !== 'MemberExpression') return undefined
  const object = part['object'] as Part
  if (object.type !== 'Identifier' || object['name'] !== 'record') return undefined
  const property = part['property'] as Part
  if (part['computed'] !== true)
    return property.type === 'Identifier' ? (property['name'] as string) : undefined
  return property.type === 'Literal' && typeof property['value'] === 'string' ? property['value'] : undefined
}

function equality(part: Part): FieldRead | undefined {
  if (part.type !== 'BinaryExpression') return undefined
  const operator = part['operator']
  if (operator !== '===' && operator !== '!==') return undefined
  const [left, right] = [part['left'] as Part, part['right'] as Part]
  const name = fieldOf(left) ?? fieldOf(right)
  const text = (fieldOf(left) === undefined ? left : right)['value']
  // Half a character is no UTF-8, so it cannot be compared as bytes.
  if (name === undefined || typeof text !== 'string' || /\p{Surrogate}/u.test(text)) return undefined
  return { name, start: part.start, end: part.end, equals: { text, negated: operator === '!==' } }
}

function childrenOf(part: Part): Part[] {
  return Object.values(part)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Part => typeof (value as Part | null | undefined)?.type === 'string')
}
