/**
 * Blocks of records as bytes and back, every value as it was: undefined, NaN, -0, big integers, dates, maps, sets,
 * bytes, records in records. Records with the same fields travel as columns, which V8's own serialization writes as
 * fast as JSON is written and reads in half of the time that JSON takes.
 */
import { DefaultDeserializer, serialize } from 'node:v8'
import { compileWith } from '../spec/compile-with.ts'
import { NodeError } from '../spec/node-error.ts'
import { literalText } from '../spec/record-shaper.ts'

/** Records of one shape, field by field. */
interface Columns {
  names: string[]
  columns: unknown[][]
  count: number
}

/** Wider records are written one by one: a literal for them would cost more than it saves. */
const MOST_FIELDS = 100
/** Shapes for which a maker is kept. */
const MOST_MAKERS = 256

/** @throws NodeError where a record holds what cannot be written down, such as a function or an object of a class */
export function encodeBlock(records: readonly unknown[]): Buffer {
  const columns = columnsOf(records)
  if (!columns) for (const record of records) refuse(record, 0)
  try {
    return serialize(columns ?? records)
  } catch (error) {
    // Functions and symbols, which V8 names itself.
    throw cannotWrite((error as Error).message)
  }
}

/** What it gives holds nothing of `bytes`, which may be used again. */
export function decodeBlock(bytes: Uint8Array): unknown[] {
  const reader = new BlockReader(bytes)
  reader.readHeader()
  const block = reader.readValue() as unknown[] | Columns
  if (Array.isArray(block)) return block
  return makerOf(block.names)(block.columns, block.count)
}

/** Bytes in a record are copied out: V8's own reader makes views, each of which would keep its whole block in memory. */
class BlockReader extends DefaultDeserializer {
  _readHostObject(): unknown {
    const view = inherited.call(this)
    if (Buffer.isBuffer(view)) return Buffer.from(view)
    if (view instanceof DataView)
      return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength))
    return (view as Uint8Array).slice()
  }
}
const inherited = (DefaultDeserializer.prototype as unknown as { _readHostObject(): ArrayBufferView })
  ._readHostObject

/** Undefined where the records are not all plain objects with the same fields in the same order. */
function columnsOf(records: readonly unknown[]): Columns | undefined {
  const [first] = records
  if (!isPlain(first)) return undefined
  const names = Object.keys(first)
  const width = names.length
  if (width === 0 || width > MOST_FIELDS) return undefined
  const count = records.length
  for (let i = 0; i < count; i++) {
    const record = records[i]
    if (!isPlain(record)) return undefined
    let at = 0
    for (const name in record) if (name !== names[at++]) return undefined
    if (at !== width) return undefined
  }
  const columns = names.map((name) => {
    const column = new Array<unknown>(count)
    for (let i = 0; i < count; i++) {
      const value = (records[i] as Record<string, unknown>)[name]
      if (typeof value === 'object' && value !== null) refuse(value, 1)
      column[i] = value
    }
    return column
  })
  return { names, columns, count }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

type Maker = (columns: unknown[][], count: number) => unknown[]
const makers = new Map<string, Maker>()

function makerOf(names: readonly string[]): Maker {
  const id = JSON.stringify(names)
  let maker = makers.get(id)
  if (maker) return maker
  const fields = names.map((to, at) => ({ to, value: `column${at}[i]` }))
  maker = compileWith<Maker>(
    `return (columns, count) => {
      const [${names.map((_, at) => `column${at}`).join(', ')}] = columns
      const records = new Array(count)
      for (let i = 0; i < count; i++) records[i] = ${literalText(fields)}
      return records
    }`,
    {},
  )
  if (makers.size >= MOST_MAKERS) makers.clear()
  makers.set(id, maker)
  return maker
}

/** Prototypes whose objects come back as they were. Objects of any other class would come back without it. */
const WRITABLE = new Set<unknown>([null, Object.prototype])
for (const kind of [Array, Date, Map, Set, RegExp, ArrayBuffer, Boolean, Number, String])
  WRITABLE.add(kind.prototype)
for (const kind of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])
  WRITABLE.add(kind.prototype)
/** Values that hold themselves end here; V8 writes them down all the same. */
const DEEPEST = 64

function refuse(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > DEEPEST || ArrayBuffer.isView(value)) return
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  if (!WRITABLE.has(prototype))
    throw cannotWrite(`an object of the class ${prototype?.constructor?.name ?? 'without a name'}`)
  for (const inner of partsOf(value)) refuse(inner, depth + 1)
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  if (value instanceof Set || Array.isArray(value)) return value
  return Object.values(value)
}

function cannotWrite(what: string): NodeError {
  return new NodeError(
    `The records do not fit into the memory of the run, and one of them cannot be laid on disk: ${what}.`,
    { remedy: 'Put plain values into the record before this node, or give the run more memory.' },
  )
}
