/** Lays text into a kernel's memory, has a scanner make rows of it, and reads them back. */
import {
  COLUMN_BYTES,
  COLUMN_END,
  COLUMN_FIELD,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  GUARD,
  KIND_FALSE,
  KIND_MISSING,
  KIND_NULL,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  KIND_TRUE,
  ROW_NOTHING,
  ROW_OK,
  TASK_BYTES,
  TASK_COLUMNS,
  TASK_COLUMN_COUNT,
  TASK_FLAG,
  TASK_LINE_END,
  TASK_LINE_START,
  TASK_NEXT,
  TASK_ODD,
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SCRATCH,
  TASK_SETTINGS,
} from '../../../engine/kernel/layout.ts'
import { newKernel, type Kernel } from '../../../engine/kernel/module.ts'

export interface Row {
  flag: 'ok' | 'odd' | 'nothing'
  line: string
  /** Only the fields that are there. */
  fields: Record<string, unknown>
  /** Which call of the scanner made it, from 0. */
  scan: number
}

export interface ScanSetup {
  scan: (kernel: Kernel, task: number, from: number, to: number) => void
  /** Writes the format's settings into the memory and returns their address. */
  settings: (kernel: Kernel) => number
  /** Where a scanner that makes texts puts them. */
  scratch?: (kernel: Kernel) => number
  /** Of the columns: the name in the result, and what it is in the settings. */
  columns: readonly { name: string; field: number }[]
  /** Reads a value of the kind OTHER. */
  other: (text: string) => unknown
  rowLimit?: number
  blockBytes?: number
}

const KINDS: Record<number, unknown> = { [KIND_NULL]: null, [KIND_TRUE]: true, [KIND_FALSE]: false }

/** Makes the function that scans a text of whole lines. The text must fit into the block, 1 MiB unless told. */
export function scanner(setup: ScanSetup): (text: string | Buffer) => Row[] {
  const { rowLimit = 64, blockBytes = 1024 * 1024, columns } = setup
  const kernel = newKernel()
  const { allocate } = kernel.exports
  const block = allocate(blockBytes + GUARD)
  const task = allocate(TASK_BYTES)
  const table = allocate(COLUMN_BYTES * columns.length)
  const settings = setup.settings(kernel)
  const scratch = setup.scratch?.(kernel) ?? 0
  const lists = [TASK_LINE_START, TASK_LINE_END, TASK_FLAG].map((at) => [at, allocate(rowLimit * 4)] as const)
  const parts = columns.flatMap((_, column) =>
    [COLUMN_KIND, COLUMN_START, COLUMN_END, COLUMN_NUM].map(
      (at) => [table + column * COLUMN_BYTES + at, allocate(rowLimit * 8)] as const,
    ),
  )
  const view = new DataView(kernel.memory.buffer)
  const bytes = Buffer.from(kernel.memory.buffer)
  const put = (at: number, value: number) => view.setUint32(at, value, true)
  const get = (at: number) => view.getUint32(at, true)
  put(task + TASK_ROW_LIMIT, rowLimit)
  put(task + TASK_COLUMNS, table)
  put(task + TASK_COLUMN_COUNT, columns.length)
  put(task + TASK_SETTINGS, settings)
  put(task + TASK_SCRATCH, scratch)
  for (const [at, address] of lists) put(task + at, address)
  for (const [at, address] of parts) put(at, address)
  columns.forEach(({ field }, column) => put(table + column * COLUMN_BYTES + COLUMN_FIELD, field))

  const value = (column: number, row: number): unknown => {
    const at = table + column * COLUMN_BYTES
    const kind = bytes[get(at + COLUMN_KIND) + row]!
    if (kind === KIND_NUMBER) return view.getFloat64(get(at + COLUMN_NUM) + row * 8, true)
    if (kind in KINDS) return KINDS[kind]
    const text = bytes.toString(
      'utf8',
      get(get(at + COLUMN_START) + row * 4),
      get(get(at + COLUMN_END) + row * 4),
    )
    if (kind === KIND_TEXT) return text
    if (kind === KIND_OTHER) return setup.other(text)
    throw new Error(`kind ${kind}`)
  }
  const rowAt = (row: number, scan: number): Row => {
    const flag = bytes[get(task + TASK_FLAG) + row]!
    const start = get(get(task + TASK_LINE_START) + row * 4)
    const end = get(get(task + TASK_LINE_END) + row * 4)
    const fields: Record<string, unknown> = {}
    columns.forEach(({ name }, column) => {
      const kind = bytes[get(table + column * COLUMN_BYTES + COLUMN_KIND) + row]
      if (flag === ROW_OK && kind !== KIND_MISSING) fields[name] = value(column, row)
    })
    const names = flag === ROW_OK ? 'ok' : flag === ROW_NOTHING ? 'nothing' : 'odd'
    return { flag: names, line: bytes.toString('utf8', start, end), fields, scan }
  }
  return (text) => {
    const content = Buffer.from(text)
    const to = block + content.length
    bytes.fill(content.length % 2 === 0 ? 0x22 : 0x39, block, to + GUARD)
    bytes.set(content, block)
    const rows: Row[] = []
    let scans = 0
    for (let from = block; from < to; from = get(task + TASK_NEXT)) {
      setup.scan(kernel, task, from, to)
      const made = Array.from({ length: get(task + TASK_ROWS) }, (_, row) => rowAt(row, scans))
      scans++
      if (made.length === 0) throw new Error('the scanner made no row')
      const odd = made.filter(({ flag }) => flag === 'odd').length
      if (odd !== get(task + TASK_ODD)) throw new Error(`${odd} rows are odd`)
      rows.push(...made)
    }
    return rows
  }
}
