/**
 * Records of one shape, field by field, and back. V8 writes and reads a column of numbers as one piece, and so it does
 * with a column of texts, which are joined to one; records in records are columns in columns.
 */
import { compileWith } from '../spec/compile-with.ts'
import { literalText } from '../spec/record-shaper.ts'

/** Records of one shape, field by field. */
export interface Columns {
  names: string[]
  columns: Column[]
  count: number
}

/** A plain list where values are of several kinds, or neither numbers nor texts. */
export type Column = unknown[] | Int32Array | Float64Array | Texts | Columns

/** Texts, one behind the other. */
export interface Texts {
  text: string
  /** Where each of them ends. */
  ends: Uint32Array
}

/** Wider records are written one by one: a literal for them would cost more than it saves. */
const MOST_FIELDS = 100
/** Records in records are taken apart down to here. */
const DEEPEST = 3
/** Characters of the texts of a column that are joined at most; longer ones are not worth it. */
const MOST_TEXT = 16 * 1024 * 1024
/** Shapes for which functions are kept. */
const MOST_SHAPES = 256

/**
 * Undefined where the records are not all plain objects with the same fields in the same order.
 * @param check is called with every value that stays an object
 */
export function columnsOf(
  records: readonly unknown[],
  check: (value: object) => void,
  depth = 0,
): Columns | undefined {
  const [first] = records
  if (!isPlain(first)) return undefined
  const names = Object.keys(first)
  if (names.length === 0 || names.length > MOST_FIELDS) return undefined
  const count = records.length
  // Grown by pushing: a list that was ever made with holes is written by V8 as pairs of place and value.
  const columns = names.map((): unknown[] => [])
  if (!shapeOf(names).split(records, columns, isPlain)) return undefined
  return { names, columns: columns.map((column) => packed(column, check, depth)), count }
}

export function recordsOf({ names, columns, count }: Columns): unknown[] {
  return shapeOf(names).join(
    columns.map((column) =>
      'names' in column ? recordsOf(column) : 'text' in column ? listOf(column) : column,
    ),
    count,
  )
}

function packed(column: unknown[], check: (value: object) => void, depth: number): Column {
  const [first] = column
  if (typeof first === 'number') {
    const numbers = numbersOf(column)
    if (numbers) return numbers
  } else if (typeof first === 'string') {
    const texts = textsOf(column)
    if (texts) return texts
  } else if (depth < DEEPEST && column.length > 1 && isPlain(first)) {
    // One object in many records is written once by V8, and is one again when it is read.
    const inner = new Set(column).size === column.length ? columnsOf(column, check, depth + 1) : undefined
    if (inner) return inner
  }
  for (let i = 0; i < column.length; i++) {
    const value = column[i]
    if (typeof value === 'object' && value !== null) check(value)
  }
  return column
}

/** Undefined where there is something else among them, or too much of them. */
export function textsOf(column: readonly unknown[]): Texts | undefined {
  const ends = new Uint32Array(column.length)
  let end = 0
  for (let i = 0; i < column.length; i++) {
    const value = column[i]
    if (typeof value !== 'string') return undefined
    end += value.length
    if (end > MOST_TEXT) return undefined
    ends[i] = end
  }
  return { text: column.join(''), ends }
}

export function listOf({ text, ends }: Texts): string[] {
  const list: string[] = new Array(ends.length)
  let from = 0
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i]!
    list[i] = text.slice(from, end)
    from = end
  }
  return list
}

/** Undefined where there is something else among them. */
function numbersOf(column: readonly unknown[]): Int32Array | Float64Array | undefined {
  const { length } = column
  let whole = true
  for (let i = 0; i < length; i++) {
    const value = column[i]
    if (typeof value !== 'number') return undefined
    // -0 is none of the whole numbers.
    if (whole && !Object.is(value | 0, value)) whole = false
  }
  return whole ? new Int32Array(column as number[]) : new Float64Array(column as number[])
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Functions for records of one shape, compiled so that each has the names of its fields in it. */
interface Shape {
  /** False where a record has another shape. */
  split(records: readonly unknown[], columns: unknown[][], isPlain: (value: unknown) => boolean): boolean
  join(columns: ArrayLike<unknown>[], count: number): unknown[]
}
const shapes = new Map<string, Shape>()

function shapeOf(names: readonly string[]): Shape {
  const id = JSON.stringify(names)
  let shape = shapes.get(id)
  if (shape) return shape
  const all = `const [${names.map((_, at) => `column${at}`).join(', ')}] = columns`
  const fields = names.map((to, at) => ({ to, value: `column${at}[i]` }))
  const reads = names.map((name, at) => `column${at}.push(record[${JSON.stringify(name)}])`)
  shape = compileWith<Shape>(
    `const names = ${id}
    return {
      split(records, columns, isPlain) {
        ${all}
        for (let i = 0; i < records.length; i++) {
          const record = records[i]
          if (!isPlain(record)) return false
          let at = 0
          for (const name in record) if (name !== names[at++]) return false
          if (at !== ${names.length}) return false
          ${reads.join('\n')}
        }
        return true
      },
      join(columns, count) {
        ${all}
        const records = new Array(count)
        for (let i = 0; i < count; i++) records[i] = ${literalText(fields)}
        return records
      },
    }`,
    {},
  )
  if (shapes.size >= MOST_SHAPES) shapes.clear()
  shapes.set(id, shape)
  return shape
}
