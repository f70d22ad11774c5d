/** The task of a scanner: rows in columns, laid out in a kernel's memory. */
import type { ColumnView, RowsView } from './column-code.ts'
import type { KernelMemory } from './kernel-memory.ts'
import {
  COLUMN_BYTES,
  COLUMN_END,
  COLUMN_FIELD,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  TASK_BYTES,
  TASK_COLUMNS,
  TASK_COLUMN_COUNT,
  TASK_FLAG,
  TASK_GONE,
  TASK_LINE_END,
  TASK_LINE_START,
  TASK_NEXT,
  TASK_ODD,
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SCRATCH,
  TASK_SETTINGS,
} from './layout.ts'

export interface RowsSetup {
  /** COLUMN_FIELD of each column that is scanned. One more is laid out behind them, which is always missing. */
  fields: readonly number[]
  /** Bytes of scratch for a row. */
  scratch: number
  /** Address of the format's settings. */
  settings: number
  /** Rows that there is room for. */
  rowLimit: number
}

export class KernelRows implements RowsView {
  readonly task: number
  readonly rowLimit: number
  readonly #memory: KernelMemory
  readonly #columnTable: number
  readonly #columnCount: number
  #version = -1
  ascii = true
  flag!: Uint8Array
  gone!: Uint8Array
  starts!: Uint32Array
  ends!: Uint32Array
  columns!: ColumnView[]
  bytes!: Buffer

  constructor(memory: KernelMemory, { fields, scratch, settings, rowLimit }: RowsSetup) {
    this.#memory = memory
    this.rowLimit = rowLimit
    this.#columnCount = fields.length + 1
    const task = memory.allocate(TASK_BYTES)
    const table = memory.allocate(COLUMN_BYTES * this.#columnCount)
    this.task = task
    this.#columnTable = table
    const lay = (at: number, bytes: number) => memory.put(at, memory.allocate(bytes))
    memory.put(task + TASK_ROW_LIMIT, rowLimit)
    memory.put(task + TASK_COLUMNS, table)
    memory.put(task + TASK_COLUMN_COUNT, fields.length)
    memory.put(task + TASK_SETTINGS, settings)
    lay(task + TASK_LINE_START, rowLimit * 4)
    lay(task + TASK_LINE_END, rowLimit * 4)
    lay(task + TASK_FLAG, rowLimit)
    lay(task + TASK_GONE, rowLimit)
    if (scratch > 0) lay(task + TASK_SCRATCH, rowLimit * scratch)
    for (let i = 0; i < this.#columnCount; i++) {
      const column = this.columnAt(i)
      lay(column + COLUMN_KIND, rowLimit)
      lay(column + COLUMN_START, rowLimit * 4)
      lay(column + COLUMN_END, rowLimit * 4)
      lay(column + COLUMN_NUM, rowLimit * 8)
      memory.put(column + COLUMN_FIELD, fields[i] ?? 0)
    }
    this.refresh()
  }

  /** Address of a column; -1 is the one that is always missing. */
  columnAt(index: number): number {
    return this.#columnTable + COLUMN_BYTES * (index < 0 ? this.#columnCount - 1 : index)
  }

  /** Index of a column among the views. */
  viewOf(index: number): number {
    return index < 0 ? this.#columnCount - 1 : index
  }

  get rows(): number {
    return this.#memory.get(this.task + TASK_ROWS)
  }
  get odd(): number {
    return this.#memory.get(this.task + TASK_ODD)
  }
  /** Address of the first byte that the scan left. */
  get next(): number {
    return this.#memory.get(this.task + TASK_NEXT)
  }

  /** Has the scanner make no more than so many rows at a time; there is room for them. */
  limitTo(rows: number): void {
    this.#memory.put(this.task + TASK_ROW_LIMIT, rows)
  }

  /** Has the scanner use other settings from now on. */
  useSettings(address: number): void {
    this.#memory.put(this.task + TASK_SETTINGS, address)
  }

  /** Says how many rows are at hand where no scanner made them. */
  setRows(count: number): void {
    this.#memory.put(this.task + TASK_ROWS, count)
  }

  /** Gives back the last row that was made, which is odd. */
  dropLast(): void {
    const last = this.rows - 1
    this.setRows(last)
    this.#memory.put(this.task + TASK_ODD, this.odd - 1)
    this.#memory.put(this.task + TASK_NEXT, this.starts[last]!)
  }

  /** Makes the views anew where the memory has grown. */
  refresh(): void {
    const memory = this.#memory
    memory.refresh()
    if (memory.version === this.#version) return
    this.#version = memory.version
    const { bytes, u32, f64 } = memory
    const [task, limit] = [this.task, this.rowLimit]
    const at8 = (address: number) => bytes.subarray(memory.get(address), memory.get(address) + limit)
    const at32 = (address: number) =>
      u32.subarray(memory.get(address) >>> 2, (memory.get(address) >>> 2) + limit)
    const at64 = (address: number) =>
      f64.subarray(memory.get(address) >>> 3, (memory.get(address) >>> 3) + limit)
    this.bytes = bytes
    this.flag = at8(task + TASK_FLAG)
    this.gone = at8(task + TASK_GONE)
    this.starts = at32(task + TASK_LINE_START)
    this.ends = at32(task + TASK_LINE_END)
    this.columns = Array.from({ length: this.#columnCount }, (_, i) => {
      const column = this.columnAt(i)
      return {
        kind: at8(column + COLUMN_KIND),
        start: at32(column + COLUMN_START),
        end: at32(column + COLUMN_END),
        num: at64(column + COLUMN_NUM),
      }
    })
  }

  /** The text of a row's line. */
  line(row: number): string {
    return this.bytes.toString(this.ascii ? 'latin1' : 'utf8', this.starts[row], this.ends[row])
  }
}

/** The rows of so many that have this byte. A list, as the memory may grow and leave the bytes behind while its rows are worked on. */
export function rowsWith(bytes: Uint8Array, count: number, wanted: number): number[] {
  const rows: number[] = []
  for (let row = bytes.indexOf(wanted); row >= 0 && row < count; row = bytes.indexOf(wanted, row + 1))
    rows.push(row)
  return rows
}
