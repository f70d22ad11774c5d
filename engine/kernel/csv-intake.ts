/**
 * Takes the rows of a part of a CSV file, from the scanner where it can. Where it leaves a row of several lines open, and
 * before the first row of the file was seen, lines are put together by the row tier's code, for that long.
 */
import type { DelimiterName } from '../formats/csv-dialect.ts'
import { delimiterFor } from '../formats/csv-dialect.ts'
import { bytesSkipped, csvFile, shapeFrom, type CsvFile } from '../formats/csv-part.ts'
import { CsvRows, type CsvOptions, type CsvShape } from '../formats/csv-rows.ts'
import type { FilePart } from '../formats/file-part.ts'
import { lineFault } from '../formats/line-reader.ts'
import { PartFile, type PartWorkshop } from '../formats/part-file.ts'
import { csvSettings } from './csv-format.ts'
import type { ExactChain, LineRead } from './exact-chain.ts'
import type { KernelChain, MadeRow } from './kernel-chain.ts'
import type { KernelMemory } from './kernel-memory.ts'
import type { Block } from './part-blocks.ts'
import type { KernelProgram } from './program.ts'

const LF = 10
/** A scan of fewer rows than this is not worth its start. */
const FEW_ROWS = 128
/** So many lines are read without the scanner where such scans follow each other: more each time, up to a bound. */
const FIRST_STAY = 32
const LONGEST_STAY = 4096

export interface IntakeSetup {
  /** Of the file node. */
  config: Record<string, unknown>
  program: KernelProgram
  memory: KernelMemory
  chain: KernelChain
  /** All that read rows by their text. */
  exact: readonly ExactChain[]
  shop: PartWorkshop
}

export interface PartStart {
  /** Where the part's first row begins. */
  start: number
  /** Bytes before it that are the part's all the same: the end of a row that the part before reads. */
  skipped: number
}

export class CsvIntake {
  /** Lines of the part that were taken, those of a row that is still open included. */
  lines = 0
  /** Number in the part of a line that is longer than is allowed: nothing can be taken any more. */
  tooLong: number | undefined
  readonly #setup: IntakeSetup
  #known: CsvFile | undefined
  #rows!: CsvRows
  /** Read, but not given to the chain yet. */
  #made: MadeRow[] = []
  /** Lines to take without the scanner. */
  #left = 0
  #stay = FIRST_STAY
  #finishing = false

  constructor(setup: IntakeSetup) {
    this.#setup = setup
  }

  /** @throws NodeError where the file is not the one that was cut, or where its first row cannot be read */
  async begin(part: FilePart): Promise<PartStart> {
    const { path, name } = part
    const config = this.#setup.config as unknown as CsvOptions & { delimiter: DelimiterName | 'auto' }
    const options = { ...config, name, delimiter: delimiterFor(name, config.delimiter) }
    const file = await PartFile.open(part, this.#setup.shop)
    try {
      if (this.#known?.path !== path) {
        this.#known = await csvFile(file, options)
        this.#use(this.#known.shape, options)
      }
      const start = await this.#known.cuts.rowStart(file, part.from)
      const skipped = await bytesSkipped(file, start)
      this.#rows = new CsvRows(options, shapeFrom(this.#known, start, options), {
        record: (record, line) => this.#made.push({ line, record }),
        failure: (reason, record, line) => this.#made.push({ line, refusal: { reason, record } }),
      })
      this.#rows.passed(start)
      this.lines = 0
      this.#made = []
      this.#left = 0
      this.#finishing = false
      return { start, skipped }
    } finally {
      await file.close()
    }
  }

  /** Whether `take` has something to do: in these lines from `at` on, or with what it has read already. */
  wants(block: Block | undefined, at: number): boolean {
    if (this.#made.length > 0) return true
    return block !== undefined && at < block.to && (!this.#finishing || this.#rows.isOpen)
  }

  /**
   * Gives the chain the next rows; returns where the lines begin that were not taken.
   * @throws NodeError where the header cannot be read
   */
  take(block: Block | undefined, at: number): number {
    const { chain } = this.#setup
    if (block && this.#made.length === 0 && !this.#assembles) return this.#scan(block, at)
    const { room } = chain
    const next = block ? this.#assemble(block, at, room) : at
    chain.give(this.#made.splice(0, room))
    return next
  }

  /** The part has no more lines. Returns whether its last row goes on behind it. */
  finish(): boolean {
    this.#finishing = true
    return this.#rows.onlyFinish(this.lines + 1)
  }

  get isOpen(): boolean {
    return this.#rows.isOpen
  }

  /** The file has no more lines. */
  end(): void {
    this.#rows.end()
  }

  get #assembles(): boolean {
    return this.#left > 0 || this.#rows.isOpen || !this.#rows.shape.columns.known
  }

  #scan(block: Block, at: number): number {
    const { chain, memory } = this.#setup
    const next = chain.scan(block, at)
    const { rows } = chain.rows
    this.lines += memory.kernel.exports.countLines(at, next)
    this.#rows.passed(next - at)
    if (rows >= FEW_ROWS) this.#stay = FIRST_STAY
    if (chain.isOpen) {
      this.#left = this.#stay
      this.#stay = Math.min(this.#stay * 2, LONGEST_STAY)
    }
    return next
  }

  #assemble({ to, ascii, clean }: Block, from: number, room: number): number {
    const { bytes } = this.#setup.memory
    const { maxLineBytes } = this.#setup.config as { maxLineBytes: number }
    let at = from
    while (at < to && this.#made.length < room && this.#assembles) {
      if (this.#finishing && !this.#rows.isOpen) break
      const end = bytes.indexOf(LF, at)
      this.lines++
      if (end - at > maxLineBytes) {
        this.tooLong = this.lines
        break
      }
      const fault = clean ? undefined : lineFault(bytes.subarray(at, end))
      this.#rows.add(bytes.toString(ascii ? 'latin1' : 'utf8', at, end), this.lines, fault)
      if (this.#left > 0) this.#left--
      at = end + 1
    }
    return at
  }

  /** Tells the scanner, and those who read single rows, how the file is written. */
  #use(shape: CsvShape, options: CsvOptions): void {
    const { chain, exact, memory, program } = this.#setup
    const { names } = shape.columns
    // Without a first row there is nothing to scan.
    if (!names) return
    const { delimiter } = shape
    const infer = options.types === 'infer'
    const longest = options.maxLineBytes
    chain.useCsv(csvSettings(memory.kernel, { delimiter, infer, names, longest }, program.fields))
    const read = rowReader(options, shape)
    for (const one of exact) one.readRow = read
  }
}

/** Makes the reader of whole rows, from which one CR before the last line feed was taken. */
function rowReader(options: CsvOptions, shape: CsvShape): (text: string) => LineRead {
  let read: LineRead
  const rows = new CsvRows(options, shape, {
    record: (record) => (read = { record }),
    failure: (reason, record) => (read = { refusal: { reason, record } }),
  })
  return (text) => {
    read = undefined
    for (const line of `${text}\r`.split('\n')) rows.add(line, 1)
    if (rows.isOpen) throw new Error(`this is no whole row: ${text}`)
    return read
  }
}
