/** A task in a kernel's memory (see layout.ts), made and seen from JavaScript. */
import type { ColumnView, RowsView } from './column-code.ts'
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
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SETTINGS,
} from './layout.ts'
import type { Kernel } from './module.ts'

export interface TaskSetup {
  /** FIELD of each column. */
  fields: readonly number[]
  /** Address of the format's settings. */
  settings: number
  rowLimit: number
}

export class ScanTask {
  readonly address: number
  readonly #kernel: Kernel
  readonly #setup: TaskSetup
  #buffer: ArrayBuffer | undefined
  #words!: Uint32Array
  #columns: ColumnView[] = []
  #bytes!: Buffer

  constructor(kernel: Kernel, setup: TaskSetup) {
    const { fields, settings, rowLimit } = setup
    const { allocate } = kernel.exports
    this.#kernel = kernel
    this.#setup = setup
    this.address = allocate(TASK_BYTES)
    const table = allocate(COLUMN_BYTES * fields.length)
    const lists = [TASK_LINE_START, TASK_LINE_END].map((at) => [this.address + at, allocate(rowLimit * 4)])
    const marks = [TASK_FLAG, TASK_GONE].map((at) => [this.address + at, allocate(rowLimit)])
    const parts = fields.flatMap((_, column) => {
      const at = table + column * COLUMN_BYTES
      return [
        [at + COLUMN_KIND, allocate(rowLimit)],
        [at + COLUMN_START, allocate(rowLimit * 4)],
        [at + COLUMN_END, allocate(rowLimit * 4)],
        [at + COLUMN_NUM, allocate(rowLimit * 8)],
      ]
    })
    this.#refresh()
    const put = (at: number, value: number) => (this.#words[at / 4] = value)
    for (const [at, address] of [...lists, ...marks, ...parts]) put(at!, address!)
    put(this.address + TASK_ROW_LIMIT, rowLimit)
    put(this.address + TASK_COLUMNS, table)
    put(this.address + TASK_COLUMN_COUNT, fields.length)
    put(this.address + TASK_SETTINGS, settings)
    fields.forEach((field, column) => put(table + column * COLUMN_BYTES + COLUMN_FIELD, field))
    this.#buffer = undefined
  }

  /** The memory as it is now; what was there before a growth is empty. */
  get bytes(): Buffer {
    this.#refresh()
    return this.#bytes
  }

  /** An entry of the task. */
  get(entry: number): number {
    this.#refresh()
    return this.#words[(this.address + entry) / 4]!
  }

  /** Address behind what was scanned. */
  get next(): number {
    return this.get(TASK_NEXT)
  }

  /** The bytes of a row's line, without its end. */
  line(row: number): Buffer {
    const [start, end] = [this.get(TASK_LINE_START) / 4, this.get(TASK_LINE_END) / 4]
    return this.#bytes.subarray(this.#words[start + row], this.#words[end + row])
  }

  /** Bytes from the start of the first line that was scanned last to the start of what follows the last one. */
  get length(): number {
    return this.next - this.#words[this.get(TASK_LINE_START) / 4]!
  }

  /** The rows that were scanned last. @param ascii whether all of their bytes are ASCII */
  view(ascii: boolean): RowsView {
    const rows = this.get(TASK_ROWS)
    return {
      rows,
      flag: this.#bytes.subarray(this.get(TASK_FLAG), this.get(TASK_FLAG) + rows),
      gone: this.#bytes.subarray(this.get(TASK_GONE), this.get(TASK_GONE) + rows),
      columns: this.#columns,
      bytes: this.#bytes,
      ascii,
    }
  }

  #refresh(): void {
    const { buffer } = this.#kernel.memory
    if (this.#buffer === buffer) return
    this.#buffer = buffer
    this.#words = new Uint32Array(buffer)
    this.#bytes = Buffer.from(buffer)
    const { fields, rowLimit } = this.#setup
    const table = this.#words[(this.address + TASK_COLUMNS) / 4]!
    if (table === 0) return
    this.#columns = fields.map((_, column) => {
      const at = (entry: number) => this.#words[(table + column * COLUMN_BYTES + entry) / 4]!
      return {
        kind: new Uint8Array(buffer, at(COLUMN_KIND), rowLimit),
        start: new Uint32Array(buffer, at(COLUMN_START), rowLimit),
        end: new Uint32Array(buffer, at(COLUMN_END), rowLimit),
        num: new Float64Array(buffer, at(COLUMN_NUM), rowLimit),
      }
    })
  }
}
