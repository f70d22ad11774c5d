/**
 * What the values of a column of a Parquet file to write have in common, found out value by value. It is widened where
 * nothing is lost; a value that a column cannot hold with the ones before is refused, with the reason.
 */
import { isWellFormed } from './well-formed.ts'
import { kindOf, UnwritableError } from './record-text.ts'

export type Shape =
  | { kind: 'boolean' }
  /** Numbers; `whole` while all of them are exact whole numbers, and none is -0. */
  | { kind: 'number'; whole: boolean }
  /** Whole numbers up to 64 bits: those beyond 2^53 are text of all digits in records, or big integers. */
  | { kind: 'integer' }
  /** `digits` while all of them are whole numbers between 2^53 and 2^63, which numbers may join. */
  | { kind: 'text'; digits: boolean }
  | { kind: 'date' }
  | { kind: 'bytes' }
  /** Without `of` there were nothing but nulls in it. */
  | { kind: 'list'; of: Shape | undefined }
  | { kind: 'struct'; fields: ReadonlyMap<string, Shape | undefined> }

/** Columns and fields in columns, all together: a file with more of them takes objects for maps. */
export const MOST_FIELDS = 2000
const MOST_LEVELS = 50

const WHOLE: Shape = { kind: 'number', whole: true }
const FRACTION: Shape = { kind: 'number', whole: false }
const INTEGER: Shape = { kind: 'integer' }
const DIGITS: Shape = { kind: 'text', digits: true }
const TEXT: Shape = { kind: 'text', digits: false }
const NAMES: Record<Shape['kind'], string> = {
  boolean: 'true and false',
  number: 'numbers',
  integer: 'whole numbers of 64 bits',
  text: 'text',
  date: 'dates',
  bytes: 'bytes',
  list: 'arrays',
  struct: 'objects',
}

/** Widens the shapes of one record's fields; knows where it is, for the reasons. */
export class ShapeWidener {
  sawMinusZero = false
  readonly #way: (string | number)[] = []
  /** Fields that are new in the record at hand. */
  #added = 0
  #known = 0

  /** Takes what was found in the record for the file's. */
  accept(): void {
    this.#known += this.#added
    this.#added = 0
  }

  /**
   * The shape of a column with one more value in it; the same object where nothing changes.
   * @throws UnwritableError
   */
  column(shape: Shape | undefined, name: string, value: unknown): Shape | undefined {
    this.#way.length = 0
    this.#way.push(name)
    return this.#widen(shape, value)
  }

  /** Begins with a record. */
  begin(): void {
    this.#added = 0
  }

  /** Counts a field that no record had before. @throws UnwritableError */
  addField(name: string, others: Iterable<string>): void {
    if (name === '' || name === '__proto__' || name.includes('\0') || !isWellFormed(name))
      throw new UnwritableError(`${JSON.stringify(name)} cannot be the name of a field in Parquet.`)
    const small = name.toLowerCase()
    for (const other of others) {
      if (other !== name && other.toLowerCase() === small)
        throw new UnwritableError(
          `The fields "${other}" and "${name}" are one in Parquet; rename one of them.`,
        )
    }
    if (this.#known + ++this.#added > MOST_FIELDS)
      throw new UnwritableError(
        `The field "${name}" is one more than the ${MOST_FIELDS} that a Parquet file may have.`,
      )
  }

  #widen(shape: Shape | undefined, value: unknown): Shape | undefined {
    switch (typeof value) {
      case 'undefined':
        return shape
      case 'boolean':
        return shape ? this.#same(shape, 'boolean', value) : { kind: 'boolean' }
      case 'number':
        return this.#number(shape, value)
      case 'string':
        return this.#text(shape, value)
      case 'bigint':
        return this.#bigInteger(shape, value)
      case 'object':
        return value === null ? shape : this.#object(shape, value)
      default:
        return this.#refuse(`is ${kindOf(value)}, which is no data`)
    }
  }

  #number(shape: Shape | undefined, value: number): Shape {
    const whole = isWhole(value)
    if (value === 0 && !whole) this.sawMinusZero = true
    if (!shape) return whole ? WHOLE : FRACTION
    if (shape.kind === 'number') return shape.whole && !whole ? FRACTION : shape
    if (whole && shape.kind === 'integer') return shape
    if (whole && shape.kind === 'text' && shape.digits) return INTEGER
    return this.#same(shape, 'number', value)
  }

  #text(shape: Shape | undefined, value: string): Shape {
    if (!isWellFormed(value)) this.#refuse('holds half a character, which UTF-8 does not have')
    if (!shape) return isLong(value) ? DIGITS : TEXT
    if (shape.kind === 'text') return shape.digits && !isLong(value) ? TEXT : shape
    if (shape.kind === 'integer' && isLong(value)) return shape
    if (shape.kind === 'number' && shape.whole && isLong(value)) return INTEGER
    return this.#same(shape, 'text', value)
  }

  #bigInteger(shape: Shape | undefined, value: bigint): Shape {
    if (BigInt.asIntN(64, value) !== value) this.#refuse('is a big integer of more than 64 bits')
    const fits =
      !shape ||
      shape.kind === 'integer' ||
      (shape.kind === 'number' && shape.whole) ||
      (shape.kind === 'text' && shape.digits)
    return fits ? INTEGER : this.#same(shape, 'integer', value)
  }

  #object(shape: Shape | undefined, value: object): Shape {
    if (value instanceof Date) {
      const year = value.getUTCFullYear()
      if (!(year >= 1 && year <= 9999)) this.#refuse('is a date that is not in the years 1 to 9999')
      return shape ? this.#same(shape, 'date', value) : { kind: 'date' }
    }
    if (value instanceof Uint8Array) {
      if (this.#way.length > 1) this.#refuse('holds bytes within a value; only whole columns are bytes')
      return shape ? this.#same(shape, 'bytes', value) : { kind: 'bytes' }
    }
    if (this.#way.length > MOST_LEVELS)
      this.#refuse(`is more than ${MOST_LEVELS} levels deep, or contains itself`)
    if (Array.isArray(value)) return this.#list(shape, value)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.#refuse('is no plain data')
    return this.#struct(shape, value as Record<string, unknown>)
  }

  #list(shape: Shape | undefined, value: readonly unknown[]): Shape {
    const list = shape ? this.#same(shape, 'list', value) : undefined
    const before = list?.kind === 'list' ? list.of : undefined
    let of = before
    for (let at = 0; at < value.length; at++) {
      this.#way.push(at)
      of = this.#widen(of, value[at])
      this.#way.pop()
    }
    return list && of === before ? list : { kind: 'list', of }
  }

  #struct(shape: Shape | undefined, value: Record<string, unknown>): Shape {
    const struct = shape ? this.#same(shape, 'struct', value) : undefined
    const before = struct?.kind === 'struct' ? struct.fields : new Map<string, Shape | undefined>()
    let fields: Map<string, Shape | undefined> | undefined
    for (const name of Object.keys(value)) {
      this.#way.push(name)
      const known = fields ?? before
      const old = known.get(name)
      const isNew = old === undefined && !known.has(name)
      if (isNew) this.addField(name, known.keys())
      const wider = this.#widen(old, value[name])
      if (isNew || wider !== old) (fields ??= new Map(before)).set(name, wider)
      this.#way.pop()
    }
    if (struct && !fields) return struct
    if (!fields) this.#refuse('is an object without fields, which Parquet does not have')
    return { kind: 'struct', fields: fields! }
  }

  /** @throws UnwritableError where the shape is of another kind */
  #same(shape: Shape, kind: Shape['kind'], value: unknown): Shape {
    if (shape.kind === kind) return shape
    const what = kind === 'number' && shape.kind === 'integer' ? 'a fraction' : kindOf(value)
    return this.#refuse(
      `is ${what}; it held ${NAMES[shape.kind]} before, and a Parquet column holds one kind of value`,
    )
  }

  #refuse(what: string): never {
    const [name, ...rest] = this.#way
    const place = rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    throw new UnwritableError(`The field "${name}${place}" ${what}.`)
  }
}

/** Exact, and the same number as a whole number of SQL. */
function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** Whether it is what a whole number of 64 bits is in a record where no number holds it exactly. */
function isLong(text: string): boolean {
  if (text.length < 16 || text.length > 20 || !/^-?[1-9]\d{15,18}$/.test(text)) return false
  const value = BigInt(text)
  return BigInt.asIntN(64, value) === value && !Number.isSafeInteger(Number(value))
}
