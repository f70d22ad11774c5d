/**
 * A program at work on blocks of lines: scans them into rows, has filters mark those that go, groups the rest, and sends
 * whatever is odd the way of the row tier. Knows nothing of files, threads or meters.
 */
import { lineFault } from '../formats/line-reader.ts'
import type { DataRecord } from '../spec/node.ts'
import { fieldReader } from '../spec/record-fields.ts'
import { columnFilter, ValueReader, type ColumnFilter } from './column-code.ts'
import { ExactCells } from './exact-cells.ts'
import type { ExactChain, Refusal, WayEnd } from './exact-chain.ts'
import { formatCode } from './formats.ts'
import { KernelGroups } from './groups/kernel-groups.ts'
import type { KernelMemory } from './kernel-memory.ts'
import { KernelRows, rowsWith } from './kernel-rows.ts'
import {
  CSV_SETTING_LONGEST,
  CSV_SETTING_OPEN,
  GONE_UNSURE,
  KIND_OTHER,
  LEFT_BYTES,
  ROW_NOTHING,
  ROW_ODD,
  TABLE_LEFT,
  TABLE_LEFT_COUNT,
  TABLE_REFUSED,
  TABLE_REFUSED_COUNT,
} from './layout.ts'
import type { Scan } from './module.ts'
import type { Block } from './part-blocks.ts'
import type { KernelProgram } from './program.ts'
import { ScanPace } from './scan-pace.ts'

/** A row that a step refused; step 0 is the file. */
export interface Failed {
  row: number
  step: number
  refusal: Refusal
}

/** The rows that a chain works on, and what became of them. */
export interface RowsAtHand {
  readonly rows: KernelRows
  /** In no order. */
  readonly failed: readonly Failed[]
  /** Whether some row is gone. */
  readonly anyGone: boolean
  /** Where they were read by the row tier's code: these, one for each row. */
  readonly made: readonly MadeRow[] | undefined
  /** The number of a row's first line. @param line how many lie before the rows at hand */
  lineOf(row: number, line: number): number
}

/** A row that the row tier's code has read. `line` is its first one, from 1 at the start of the part. */
export type MadeRow = { line: number } & ({ record: DataRecord } | { refusal: Refusal })

export interface ChainLimits {
  maxGroups: number | undefined
  rowLimit: number
}

export class KernelChain implements RowsAtHand {
  readonly rows: KernelRows
  readonly groups: KernelGroups
  /** Of the rows at hand, in no order. */
  failed: Failed[] = []
  /** Whether some row at hand is gone. */
  anyGone = false
  made: readonly MadeRow[] | undefined
  /** CSV: the scan ended before a row that goes on in the next line. */
  isOpen = false
  readonly #memory: KernelMemory
  readonly #program: KernelProgram
  readonly #exact: ExactChain
  readonly #scan: Scan
  readonly #pace: ScanPace
  readonly #filters: { filter: ColumnFilter; step: number }[] = []
  readonly #cells: ExactCells
  /** What is read of records that came the exact way. */
  readonly #reads: { column: number; read: (record: unknown) => unknown }[]
  readonly #values: ValueReader
  /** Records of the rows at hand that came the exact way, by row. */
  readonly #records = new Map<number, unknown>()
  /** How many of the rows at hand went the way of the row tier. */
  #slow = 0
  /** Undefined where the file is none, or before its first row was seen. */
  #csv: { settings: number; longest: number } | undefined

  constructor(memory: KernelMemory, program: KernelProgram, exact: ExactChain, limits: ChainLimits) {
    this.#memory = memory
    this.#program = program
    this.#exact = exact
    const format = formatCode(program.format, program.infer)
    this.#scan = format.scan(memory.kernel.exports)
    this.rows = new KernelRows(memory, {
      fields: format.fields(program.fields),
      scratch: format.scratch,
      settings: format.settings(memory, program.fields),
      rowLimit: limits.rowLimit,
    })
    this.#pace = new ScanPace(limits.rowLimit)
    this.groups = new KernelGroups(memory, {
      keys: program.by.map(({ column }) => this.rows.columnAt(column)),
      aggregates: program.aggregates.map(({ fn, column }) => ({
        fn,
        column: column === undefined ? 0 : this.rows.columnAt(column),
      })),
      rowLimit: this.rows.rowLimit,
      maxGroups: limits.maxGroups,
    })
    this.rows.refresh()
    this.#values = new ValueReader(format.other)
    this.#cells = new ExactCells(memory, this.rows, (text, value) => this.groups.remember(text, value))
    this.#reads = readsOf(program)
    program.steps.forEach(({ kind, condition, columns }, i) => {
      if (kind !== 'filter') return
      const filter = columnFilter(condition!, (name) => this.rows.viewOf(columns![name]!), format.other)
      if (!filter) throw new Error(`the condition ${condition!} was to be run over columns, and cannot be`)
      this.#filters.push({ filter, step: i + 1 })
    })
  }

  /** Steps behind the file: the group is the last. */
  get last(): number {
    return this.#program.steps.length + 1
  }

  /** Makes rows of the lines from `from` on; returns where the next ones begin. */
  scan({ to, ascii, clean }: Block, from: number): number {
    const { rows } = this
    // Of a row of several lines, each may have a fault of its own.
    if (this.#csv) this.#memory.put(this.#csv.settings + CSV_SETTING_LONGEST, clean ? this.#csv.longest : 0)
    rows.limitTo(this.#pace.rows)
    this.#scan(rows.task, from, to)
    rows.refresh()
    rows.ascii = ascii
    this.isOpen = this.#csv !== undefined && this.#memory.get(this.#csv.settings + CSV_SETTING_OPEN) === 1
    if (this.isOpen) rows.dropLast()
    const count = rows.rows
    this.#begin(count)
    if (!clean) this.#findFaults(count)
    if (rows.odd > 0) this.#eachWith(rows.flag, ROW_ODD)
    if (this.#program.format !== 'access-log') this.#skipNothing(count)
    return rows.next
  }

  /** How many rows `give` takes at most. */
  get room(): number {
    return this.#pace.rows
  }

  /** Takes rows that were read by other means, in the place of a scan; no more than there is room for. */
  give(made: readonly MadeRow[]): void {
    const { rows } = this
    rows.setRows(made.length)
    this.#begin(made.length)
    this.made = made
    rows.flag.fill(ROW_ODD, 0, made.length)
    made.forEach((read, row) => {
      if ('record' in read) return this.#ended(row, this.#exact.goOn(read.record))
      this.#isGone(row, 0)
      this.failed.push({ row, step: 0, refusal: read.refusal })
    })
  }

  /** What the scanner has to know of a CSV file: see `csvSettings`. */
  useCsv(settings: number): void {
    this.#memory.refresh()
    this.#csv = { settings, longest: this.#memory.get(settings + CSV_SETTING_LONGEST) }
    this.rows.refresh()
    this.rows.useSettings(settings)
  }

  lineOf(row: number, line: number): number {
    if (this.made) return this.made[row]!.line
    if (!this.#csv) return line + row + 1
    const { starts } = this.rows
    return line + this.#memory.kernel.exports.countLines(starts[0]!, starts[row]!) + 1
  }

  /** Marks the rows that filters remove. */
  filter(): void {
    const { rows } = this
    for (const { filter, step } of this.#filters) {
      this.anyGone = true
      filter(rows, step + 1)
      this.#eachWith(rows.gone, GONE_UNSURE)
    }
    if (this.#program.format === 'access-log') return
    // What only JavaScript can read (objects, numbers of many digits) is read before it is grouped.
    for (const { column } of this.#reads) {
      if (column >= 0) this.#eachWith(rows.columns[column]!.kind, KIND_OTHER)
    }
  }

  /** Adds what is left to its groups. @throws NodeError where there are too many */
  group(): void {
    const { rows, groups } = this
    const memory = this.#memory
    memory.kernel.exports.groupRows(groups.address, rows.task)
    rows.refresh()
    groups.checkFull()
    const refused = memory.get(groups.address + TABLE_REFUSED_COUNT)
    const list = memory.get(groups.address + TABLE_REFUSED)
    for (let i = 0; i < refused; i++) {
      const row = memory.get(list + i * 4)
      this.#exactly(row)
      if (rows.gone[row] === 0) throw new Error(`the row tier takes what a kernel refuses: ${rows.line(row)}`)
    }
    this.#addLeft()
    this.#pace.passed(rows.rows, this.#slow)
  }

  #begin(count: number): void {
    this.rows.gone.fill(0, 0, count)
    this.failed = []
    this.anyGone = false
    this.made = undefined
    this.#slow = 0
    if (this.#records.size > 0) this.#records.clear()
    this.#cells.clear()
  }

  #addLeft(): void {
    const memory = this.#memory
    const { address } = this.groups
    const count = memory.get(address + TABLE_LEFT_COUNT)
    let at = memory.get(address + TABLE_LEFT)
    this.#values.view = this.rows
    for (let i = 0; i < count; i++, at += LEFT_BYTES) {
      const [row, aggregate, group] = [memory.get(at), memory.get(at + 4), memory.get(at + 8)]
      const column = this.#program.aggregates[aggregate]!.column!
      const value = this.#records.has(row)
        ? this.#reads.find((read) => read.column === column)!.read(this.#records.get(row))
        : this.#values.value(this.rows.viewOf(column), row)
      this.groups.addLeft(group, aggregate, value)
    }
  }

  #findFaults(count: number): void {
    const { rows } = this
    for (let row = 0; row < count; row++) {
      const reason = lineFault(rows.bytes.subarray(rows.starts[row], rows.ends[row]))
      if (reason === undefined) continue
      this.#isGone(row, 0)
      rows.flag[row] = ROW_NOTHING
      this.#slow++
      this.failed.push({ row, step: 0, refusal: { reason, record: rows.line(row) } })
    }
  }

  #skipNothing(count: number): void {
    for (const row of rowsWith(this.rows.flag, count, ROW_NOTHING)) {
      if (this.rows.gone[row] === 0) this.#isGone(row, 0)
    }
  }

  /** Takes the exact way with the rows that have this byte and are not gone. */
  #eachWith(bytes: Uint8Array, wanted: number): void {
    for (const row of rowsWith(bytes, this.rows.rows, wanted)) {
      const gone = this.rows.gone[row]
      const done = this.#records.has(row) || (gone !== 0 && gone !== GONE_UNSURE)
      if (!done) this.#exactly(row)
    }
  }

  /** Sends a row the way of the row tier. */
  #exactly(row: number): void {
    this.rows.flag[row] = ROW_ODD
    this.#ended(row, this.#exact.run(this.rows.line(row)))
  }

  #ended(row: number, way: WayEnd): void {
    this.#slow++
    if (way.arrived) {
      this.rows.gone[row] = 0
      this.#records.set(row, way.record)
      for (const { column, read } of this.#reads) this.#cells.write(column, row, read(way.record))
      return
    }
    this.#isGone(row, way.step)
    if (way.refusal) this.failed.push({ row, step: way.step, refusal: way.refusal })
  }

  #isGone(row: number, step: number): void {
    this.rows.gone[row] = step + 1
    this.anyGone = true
  }
}

/** The fields that groups are made of, each column once. */
function readsOf({
  by,
  aggregates,
}: KernelProgram): { column: number; read: (record: unknown) => unknown }[] {
  const fields = new Map<number, string>()
  for (const { name, column } of by) fields.set(column, name)
  for (const { column, field } of aggregates) if (column !== undefined) fields.set(column, field!)
  return [...fields].map(([column, name]) => ({ column, read: fieldReader(name) }))
}
