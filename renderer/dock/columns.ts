/** Columns of the records grid: names, types and widths, gathered from the records that were seen. */

export type ColumnType = 'int' | 'number' | 'text' | 'bool' | 'object' | 'list' | 'null' | 'mixed'

export interface Column {
  /** The field, or `value` for the record itself. */
  name: string
  /** True where the column shows the whole record, because it is no object. */
  self: boolean
  type: ColumnType
  /** Numbers stand right. */
  numeric: boolean
  /** Thousands are set apart where at least one number has five digits, so that years stay as they are. */
  grouped: boolean
  /** px, from the longest text seen. */
  width: number
}

/** Records with more fields than this are shown in part, and the grid says so. */
export const MAX_COLUMNS = 1000

/** Advance of one 12 px JetBrains Mono character. */
const CHARACTER = 7.2
const PADDING = 25
const MIN_WIDTH = 64
const MAX_WIDTH = 420
/** Fields of an error record in the order in which people ask: why, where, what. */
const ERROR_ORDER = ['reason', 'node', 'number', 'line', 'field', 'record']

type Kind = Exclude<ColumnType, 'mixed' | 'number' | 'null'> | 'fraction'

interface Seen {
  kinds: Set<Kind>
  /** Characters of the longest text. */
  longest: number
  large: boolean
}

/**
 * Grows with every batch of records it is shown and never shrinks, so that columns do not jump while a run moves.
 * Records that are no objects share one `value` column.
 */
export class ColumnTally {
  readonly #fields = new Map<string, Seen>()
  #self: Seen | undefined
  #errors = 0
  #records = 0
  /** Fields beyond MAX_COLUMNS were seen. */
  truncated = false

  /** Names known before the records, in their order. */
  declare(names: readonly string[]): void {
    for (const name of names) this.#field(name)
  }

  add(records: readonly unknown[]): void {
    for (const record of records) {
      this.#records++
      if (!isPlainObject(record)) {
        this.#self ??= { kinds: new Set(), longest: 0, large: false }
        note(this.#self, record)
        continue
      }
      if (isErrorRecord(record)) this.#errors++
      for (const name of Object.keys(record)) {
        const field = this.#field(name)
        if (field) note(field, record[name])
      }
    }
  }

  columns(): Column[] {
    const fields = [...this.#fields].map(([name, seen]) => toColumn(name, seen, false))
    const all = this.#errors > 0 && this.#errors === this.#records ? errorsFirst(fields) : fields
    return this.#self ? [toColumn('value', this.#self, true), ...all] : all
  }

  /** True where every record seen left a node by its error port. */
  get onlyErrors(): boolean {
    return this.#errors > 0 && this.#errors === this.#records
  }

  #field(name: string): Seen | undefined {
    const known = this.#fields.get(name)
    if (known) return known
    if (this.#fields.size >= MAX_COLUMNS) {
      this.truncated = true
      return undefined
    }
    const seen: Seen = { kinds: new Set(), longest: 0, large: false }
    this.#fields.set(name, seen)
    return seen
  }
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a node sends through its error port. */
export function isErrorRecord(record: Record<string, unknown>): boolean {
  return (
    typeof record['reason'] === 'string' &&
    typeof record['node'] === 'string' &&
    typeof record['number'] === 'number' &&
    'record' in record
  )
}

function errorsFirst(columns: Column[]): Column[] {
  const rank = (column: Column) => {
    const place = ERROR_ORDER.indexOf(column.name)
    return place < 0 ? ERROR_ORDER.length : place
  }
  return columns.toSorted((a, b) => rank(a) - rank(b))
}

function note(seen: Seen, value: unknown): void {
  if (value === null || value === undefined) {
    seen.longest = Math.max(seen.longest, 4)
    return
  }
  seen.kinds.add(kindOf(value))
  if (typeof value === 'number' && Math.abs(value) >= 10_000) seen.large = true
  seen.longest = Math.max(seen.longest, lengthOf(value))
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'fraction'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? 'list' : 'object'
}

/** Objects are cut in their cell, so their text is not made only to be measured. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'number') return Math.ceil(String(value).length * (4 / 3))
  return typeof value === 'object' ? 32 : 5
}

function toColumn(name: string, seen: Seen, self: boolean): Column {
  const type = typeOf(seen.kinds)
  const heading = name.length + type.length + 2
  return {
    name,
    self,
    type,
    numeric: type === 'int' || type === 'number',
    grouped: seen.large,
    width: Math.min(
      MAX_WIDTH,
      Math.max(MIN_WIDTH, Math.ceil(Math.max(seen.longest, heading) * CHARACTER) + PADDING),
    ),
  }
}

function typeOf(kinds: ReadonlySet<Kind>): ColumnType {
  const [first] = kinds
  if (first === undefined) return 'null'
  if (kinds.size === 1) return first === 'fraction' ? 'number' : first
  return [...kinds].every((kind) => kind === 'int' || kind === 'fraction') ? 'number' : 'mixed'
}
