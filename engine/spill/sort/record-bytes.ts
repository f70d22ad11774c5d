/**
 * Records as bytes, one by one, and back, every value as it was. Plain objects with the same fields in the same order
 * share a shape, whose names are kept once; what is neither that nor a plain value is written by V8.
 */
import { compileWith } from '../../spec/compile-with.ts'
import { literalText } from '../../spec/record-shaper.ts'
import { decodeBlock, encodeBlock } from '../block-codec.ts'
import { latin1Text } from '../text-bytes.ts'
import type { ByteBuffer } from './byte-buffer.ts'

const UNDEFINED = 0
const NULL = 1
const TRUE = 2
const FALSE = 3
const INT = 4
const DOUBLE = 5
const NARROW = 6
const WIDE = 7
const ANY = 8
const SHAPED = 9

/** Wider records, and those of further shapes, are written by V8. */
const MOST_FIELDS = 100
const MOST_SHAPES = 256

const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

/** Functions for records of one shape, compiled with the names in them. */
interface Shape {
  id: number
  /** Writes the values of a record; false, and nothing, where it has another shape. */
  write(record: object, codec: RecordBytes): boolean
  read(codec: RecordBytes): object
}

export class RecordBytes {
  readonly #shapes: Shape[] = []
  readonly #byNames = new Map<string, Shape>()
  #last: Shape | undefined
  #into!: ByteBuffer
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0

  /** @throws NodeError where it holds what cannot be written down */
  write(record: unknown, into: ByteBuffer): void {
    this.#into = into
    if (typeof record !== 'object' || record === null) return this.put(record)
    if (this.#last?.write(record, this)) return
    const shape = this.#shapeOf(record)
    this.#last = shape ?? this.#last
    if (!shape?.write(record, this)) this.#putAny(record)
  }

  /** Reads the record that lies there. */
  read(bytes: Buffer, at: number): unknown {
    this.#bytes = bytes
    this.#at = at
    if (bytes[at] !== SHAPED) return this.value()
    this.#at++
    return this.#shapes[this.#count()]!.read(this)
  }

  /** For shapes: where their values begin. */
  begin(id: number): void {
    this.#into.byte(SHAPED)
    this.#into.count(id)
  }

  /** For shapes: a value in a record. */
  put(value: unknown): void {
    const into = this.#into
    switch (typeof value) {
      case 'string':
        return this.#putText(value)
      case 'number': {
        const whole = value | 0
        if (whole !== value || Object.is(value, -0)) {
          into.byte(DOUBLE)
          return into.double(value)
        }
        into.byte(INT)
        return into.count(((whole << 1) ^ (whole >> 31)) >>> 0)
      }
      case 'boolean':
        return into.byte(value ? TRUE : FALSE)
      case 'undefined':
        return into.byte(UNDEFINED)
      default:
        if (value === null) return into.byte(NULL)
        return this.#putAny(value)
    }
  }

  /** For shapes: the next value. */
  value(): unknown {
    switch (this.#bytes[this.#at++]) {
      case NULL:
        return null
      case TRUE:
        return true
      case FALSE:
        return false
      case INT: {
        const turned = this.#count()
        return (turned >>> 1) ^ -(turned & 1)
      }
      case DOUBLE:
        for (let i = 0; i < 8; i++) doubleBytes[i] = this.#bytes[this.#at++]!
        return double[0]
      case NARROW: {
        const length = this.#count()
        return latin1Text(this.#bytes, this.#at, (this.#at += length))
      }
      case WIDE: {
        const length = this.#count()
        return this.#bytes.toString('utf16le', this.#at, (this.#at += 2 * length))
      }
      case ANY: {
        const length = this.#count()
        const [value] = decodeBlock(this.#bytes.subarray(this.#at, (this.#at += length)))
        return value
      }
      default:
        return undefined
    }
  }

  #putText(text: string): void {
    const into = this.#into
    const start = into.end
    into.byte(NARROW)
    into.count(text.length)
    if (into.narrowText(text)) return
    into.end = start
    into.byte(WIDE)
    into.count(text.length)
    into.wideText(text)
  }

  #putAny(value: unknown): void {
    const block = encodeBlock([value])
    this.#into.byte(ANY)
    this.#into.count(block.length)
    this.#into.copy(block)
  }

  #count(): number {
    let count = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++]!
      count |= (byte & 127) << shift
      if (byte < 128) return count >>> 0
    }
  }

  /** Undefined where the record is to be written by V8. */
  #shapeOf(record: object): Shape | undefined {
    if (Object.getPrototypeOf(record) !== Object.prototype) return undefined
    const names = Object.keys(record)
    if (names.length > MOST_FIELDS) return undefined
    const key = JSON.stringify(names)
    let shape = this.#byNames.get(key)
    if (shape || this.#shapes.length >= MOST_SHAPES) return shape
    shape = compileShape(names, this.#shapes.length)
    this.#shapes.push(shape)
    this.#byNames.set(key, shape)
    return shape
  }
}

function compileShape(names: readonly string[], id: number): Shape {
  const puts = names.map((name) => `codec.put(record[${JSON.stringify(name)}])`)
  const made = literalText(names.map((to) => ({ to, value: 'codec.value()' })))
  return compileWith<Shape>(
    `return {
      id: ${id},
      write(record, codec) {
        let at = 0
        for (const name in record) if (name !== weir_names[at++]) return false
        if (at !== ${names.length} || weir_prototypeOf(record) !== weir_plain) return false
        codec.begin(${id})
        ${puts.join('\n')}
        return true
      },
      read: (codec) => (${made}),
    }`,
    { weir_names: names, weir_prototypeOf: Object.getPrototypeOf, weir_plain: Object.prototype },
  )
}
