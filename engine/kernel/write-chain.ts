/**
 * NDJSON in, NDJSON out: lines that pass the filters are written as they were read, with derived fields behind them.
 * No record is made of a line, unless it is not written as JSON.stringify would write it, or is odd in another way: then
 * it goes the way of the row tier. Knows nothing of files, threads or meters.
 */
import { lineFault } from '../formats/line-reader.ts'
import { jsonLine, UnwritableError } from '../formats/record-text.ts'
import type { ExactChain } from './exact-chain.ts'
import { formatCode } from './formats.ts'
import { jsonSteps, type JsonSteps } from './json-steps.ts'
import type { Failed } from './kernel-chain.ts'
import type { KernelMemory } from './kernel-memory.ts'
import { KernelRows } from './kernel-rows.ts'
import { HOW_NOT, ROW_NOTHING } from './layout.ts'
import type { Block } from './part-blocks.ts'
import type { WriteProgram } from './write-program.ts'

/** A character of JavaScript takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3

/** What was made of some rows: as `EncodedBatch` of engine/spec/node.ts. */
export interface WrittenRows {
  /** How many records these are, those that could not be written included. */
  length: number
  bytes: Uint8Array<ArrayBuffer>
  failures: { reason: string; record: unknown; index: number }[]
}

export class WriteChain {
  readonly rows: KernelRows
  failed: Failed[] = []
  anyGone = false
  readonly made = undefined
  readonly #memory: KernelMemory
  readonly #steps: JsonSteps
  readonly #exact: ExactChain
  readonly #last: number
  readonly #how: number
  readonly #texts: Room
  readonly #out: Room
  #pieces: Uint8Array<ArrayBuffer>[] = []
  #length = 0
  #failures: WrittenRows['failures'] = []

  constructor(memory: KernelMemory, program: WriteProgram, exact: ExactChain, rowLimit: number) {
    const steps = jsonSteps(program.steps)
    if (!steps) throw new Error('the steps were to be done over columns, and cannot be')
    const format = formatCode(program.format)
    this.#memory = memory
    this.#steps = steps
    this.#exact = exact
    this.#last = program.nodes.length - 1
    this.rows = new KernelRows(memory, {
      fields: format.fields(steps.fields),
      scratch: format.scratch,
      settings: format.settings(memory, steps.fields),
      rowLimit,
    })
    this.#how = memory.allocate(this.rows.rowLimit)
    this.#texts = new Room(memory)
    this.#out = new Room(memory)
    this.rows.refresh()
  }

  /** Steps behind the file: what writes is the last. */
  get last(): number {
    return this.#last
  }

  lineOf(row: number, line: number): number {
    return line + row + 1
  }

  /** Makes rows of the lines from `from` on; returns where the next ones begin. */
  scan({ to, ascii, clean }: Block, from: number): number {
    const { rows } = this
    this.#memory.kernel.exports.scanNdjson(rows.task, from, to)
    rows.refresh()
    rows.ascii = ascii
    rows.gone.fill(0, 0, rows.rows)
    this.failed = []
    this.anyGone = false
    if (!clean) this.#findFaults()
    for (let row = rows.flag.indexOf(ROW_NOTHING); row >= 0 && row < rows.rows;) {
      this.#isGone(row, 0)
      row = rows.flag.indexOf(ROW_NOTHING, row + 1)
    }
    return rows.next
  }

  /** Marks the rows that filters remove before anything is derived. */
  filter(): void {
    for (const { filter, mark } of this.#steps.filters) {
      this.anyGone = true
      filter(this.rows, mark)
    }
  }

  /** The last step: makes bytes of what is left; `take` gives them. */
  group(): void {
    const { rows } = this
    const { exports } = this.#memory.kernel
    this.anyGone = true
    exports.judgeNdjson(rows.task, this.#how)
    const how = rows.bytes.subarray(this.#how, this.#how + rows.rows)
    const text = this.#steps.texts(rows, how, (row) => this.#exactly(row))
    const line = rows.rows === 0 ? 0 : rows.next - rows.starts[0]!
    const texts = this.#texts.of(text.length * MOST_BYTES)
    const out = this.#out.of(line + text.length * MOST_BYTES)
    rows.refresh()
    rows.bytes.write(text, texts, 'utf8')
    const length = exports.writeNdjson(rows.task, this.#how, texts, out)
    this.#pieces.push(new Uint8Array(rows.bytes.subarray(out, out + length)))
    this.#length += this.#writtenBefore(rows.rows)
  }

  /** What was made since the last call; undefined where nothing was. The bytes have a buffer of their own. */
  take(): WrittenRows | undefined {
    const [pieces, length, failures] = [this.#pieces, this.#length, this.#failures]
    this.#pieces = []
    this.#length = 0
    this.#failures = []
    if (length === 0) return undefined
    return { length, bytes: joined(pieces), failures }
  }

  #findFaults(): void {
    const { rows } = this
    for (let row = 0; row < rows.rows; row++) {
      const reason = lineFault(rows.bytes.subarray(rows.starts[row], rows.ends[row]))
      if (reason === undefined) continue
      this.#isGone(row, 0)
      rows.flag[row] = ROW_NOTHING
      this.failed.push({ row, step: 0, refusal: { reason, record: rows.line(row) } })
    }
  }

  /** Sends a row the way of the row tier; returns its line, if there is one. */
  #exactly(row: number): string {
    const way = this.#exact.run(this.rows.line(row))
    if (way.arrived) {
      try {
        return `${jsonLine(way.record)}\n`
      } catch (error) {
        if (!(error instanceof UnwritableError)) throw error
        const index = this.#length + this.#writtenBefore(row)
        this.#failures.push({ reason: error.message, record: way.record, index })
        this.#length++
        return ''
      }
    }
    this.#isGone(row, way.step)
    if (way.refusal) this.failed.push({ row, step: way.step, refusal: way.refusal })
    return ''
  }

  /** How many of the rows at hand before this one are written. */
  #writtenBefore(row: number): number {
    const how = this.rows.bytes.subarray(this.#how, this.#how + row)
    let count = 0
    for (const choice of how) if (choice !== HOW_NOT) count++
    return count
  }

  #isGone(row: number, step: number): void {
    this.rows.gone[row] = step + 1
    this.anyGone = true
  }
}

/** A piece of the kernel's memory that grows when more is asked for. What it held is then lost. */
class Room {
  readonly #memory: KernelMemory
  #at = 0
  #size = 0

  constructor(memory: KernelMemory) {
    this.#memory = memory
  }

  /** Its address, with room for so many bytes. */
  of(bytes: number): number {
    if (bytes > this.#size) {
      this.#size = Math.max(bytes, this.#size * 2, 64 * 1024)
      this.#at = this.#memory.allocate(this.#size)
    }
    return this.#at
  }
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0]!
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
