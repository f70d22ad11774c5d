/** Infers the fields of sample records and their TypeScript types, for code completion and column headers. */

/** As `FieldInfo` on the wire. */
export interface FieldType {
  name: string
  /** TypeScript type, e.g. "number", "string | null", "{ a: number }[]". */
  type: string
}

/** Levels of objects and arrays that are spelled out; deeper ones are `Record<string, unknown>` and `unknown[]`. */
const DEPTH = 3
/** Fields of a record that are told; of an object inside it, fewer. */
const FIELDS = 500
const NESTED_FIELDS = 40
/** Elements of an array that are looked at. */
const ELEMENTS = 20

/** The order in which the members of a union are written. */
const ORDER = ['string', 'number', 'bigint', 'boolean', 'Date']

/**
 * The fields of all records that are objects, in the order in which they were first seen. A field that some of them
 * lack has `undefined` in its type. Records that are no objects have no fields: see `recordType`.
 */
export function fieldTypes(records: readonly unknown[]): FieldType[] {
  const shape = new Shape(DEPTH + 1, FIELDS)
  for (const record of records) if (isPlain(record)) shape.add(record)
  return shape.fields()
}

/** The TypeScript type of the records as a whole, "unknown" where there are none. */
export function recordType(records: readonly unknown[]): string {
  const shape = new Shape(DEPTH + 1, FIELDS)
  for (const record of records) shape.add(record)
  return shape.type()
}

/** What was seen at one place. */
class Shape {
  readonly #depth: number
  readonly #width: number
  /** Types that need no further look. */
  readonly #plain = new Set<string>()
  #objects = 0
  readonly #fields = new Map<string, { shape: Shape; seen: number }>()
  /** More fields than are told. */
  #more = false
  #elements: Shape | undefined

  constructor(depth: number, width = NESTED_FIELDS) {
    this.#depth = depth
    this.#width = width
  }

  add(value: unknown): void {
    if (Array.isArray(value)) {
      this.#elements ??= new Shape(this.#depth - 1)
      if (this.#depth > 0) for (const element of value.slice(0, ELEMENTS)) this.#elements.add(element)
    } else if (isPlain(value)) {
      this.#objects++
      if (this.#depth > 0) this.#addFields(value)
    } else {
      this.#plain.add(plainType(value))
    }
  }

  fields(): FieldType[] {
    return [...this.#fields].map(([name, { shape, seen }]) => ({
      name,
      type: shape.type(seen < this.#objects),
    }))
  }

  type(optional = false): string {
    const members = [...this.#plain].toSorted((a, b) => rank(a) - rank(b))
    const [nothing, values] = [members.filter(isNothing), members.filter((member) => !isNothing(member))]
    if (this.#objects > 0) values.push(this.#objectType())
    if (this.#elements) values.push(arrayOf(this.#depth > 0 ? this.#elements.type() : 'unknown'))
    if (optional && !nothing.includes('undefined')) nothing.push('undefined')
    const all = [...values, ...nothing]
    return all.length === 0 ? 'unknown' : all.join(' | ')
  }

  #addFields(value: Record<string, unknown>): void {
    for (const name of safeKeys(value)) {
      let field = this.#fields.get(name)
      if (!field) {
        if (this.#fields.size >= this.#width) {
          this.#more = true
          continue
        }
        field = { shape: new Shape(this.#depth - 1), seen: 0 }
        this.#fields.set(name, field)
      }
      field.seen++
      field.shape.add(safeGet(value, name))
    }
  }

  #objectType(): string {
    if (this.#depth <= 0 || this.#more) return 'Record<string, unknown>'
    if (this.#fields.size === 0) return '{}'
    const members = [...this.#fields].map(
      ([name, { shape, seen }]) => `${keyText(name)}${seen < this.#objects ? '?' : ''}: ${shape.type()}`,
    )
    return `{ ${members.join('; ')} }`
  }
}

/** Objects whose fields are data; not dates, maps, bytes. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return builtInName(value) === undefined
}

function plainType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'object') return builtInName(value) ?? 'object'
  return typeof value === 'function' ? 'Function' : typeof value
}

function builtInName(value: object): string | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (tag === 'Date' || tag === 'RegExp' || tag === 'Error') return tag
  if (value instanceof Map) return 'Map<unknown, unknown>'
  if (value instanceof Set) return 'Set<unknown>'
  return ArrayBuffer.isView(value) ? tag : undefined
}

/** Objects made by user code may answer with an error. */
function safeKeys(value: object): string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}

function safeGet(value: Record<string, unknown>, name: string): unknown {
  try {
    return value[name]
  } catch {
    return undefined
  }
}

function arrayOf(element: string): string {
  return element.includes(' | ') && !/^\{.*\}$/.test(element) ? `(${element})[]` : `${element}[]`
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

function isNothing(type: string): boolean {
  return type === 'null' || type === 'undefined'
}

function rank(type: string): number {
  const found = ORDER.indexOf(type)
  return found < 0 ? ORDER.length : found
}
