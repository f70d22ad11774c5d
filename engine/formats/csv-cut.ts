/**
 * Finds out where the first row of a part of a CSV file begins. A cut may lie between quotes, and nothing near it tells:
 * only what lies before does. All of it is looked at for quotes, which costs next to nothing where there are none; a line
 * with quotes is followed byte by byte, and one that leaves its row open goes the way that rows are read.
 */
import { RowAssembler } from './csv-row-assembler.ts'
import { lineTooLong } from './line-reader.ts'
import type { PartFile } from './part-file.ts'

const LF = 10
const CR = 13
const QUOTE = 34
/** Where a row has quotes, as many rows behind it are followed before the next quote is looked for: most have some too. */
const NEAR_ROWS = 8
/** Larger than other reads, as little is done with each. */
const BLOCK_BYTES = 1024 * 1024

export interface CutOptions {
  /** One character. */
  delimiter: string
  maxLineBytes: number
  /** How many lines lie before this position, for messages. */
  linesBefore: (position: number) => Promise<number>
}

/** Looks through one file, from start to end. Who asks for positions in rising order has it looked through once. */
export class CsvCuts {
  readonly #options: CutOptions
  readonly #assembler: RowAssembler
  /** The next line to look at. */
  #at = 0
  /** What was asked for. */
  #from = 0
  /** Where rows begin that are done with and lie at `#from` or behind: those behind one that had to be given up. */
  #starts: number[] = []

  constructor(options: CutOptions) {
    this.#options = options
    // Lines are numbered by where they begin. What the rows hold is for those who read them.
    const note = (_what: unknown, _raw: string, start: number) => {
      if (start >= this.#from) this.#starts.push(start)
    }
    const { delimiter, maxLineBytes } = options
    this.#assembler = new RowAssembler(delimiter, maxLineBytes, { row: note, fail: note })
  }

  /**
   * Where the first row begins whose first byte is at `from` or behind it; the size of the file where there is none.
   * @param rowAt no later than `from`, where a row is known to begin: nothing before it is looked at
   * @throws NodeError where the file changed, or where a line is too long
   */
  async rowStart(file: PartFile, from: number, rowAt = 0): Promise<number> {
    if (from < this.#from || rowAt > this.#at) this.#lookFrom(rowAt)
    this.#from = from
    this.#starts = this.#starts.filter((start) => start >= from)
    while (this.#start() < from) {
      const region = await this.#lines(file)
      if (region.length === 0) this.#assembler.end()
      else this.#look(region)
    }
    return this.#start()
  }

  #lookFrom(position: number): void {
    this.#assembler.clear()
    this.#assembler.passed(Math.max(0, position - this.#at))
    this.#starts = []
    this.#at = position
  }

  /** Where the first row begins that is not known to lie before `#from`. */
  #start(): number {
    return this.#starts[0] ?? this.#assembler.openedAt ?? this.#at
  }

  /** Whole lines from `#at` on; none at the end. The last one of the file needs no LF. */
  async #lines(file: PartFile): Promise<Buffer> {
    for (let length = BLOCK_BYTES; ; length *= 2) {
      const bytes = await file.read(this.#at, length)
      if (this.#at + bytes.length >= file.part.size) return bytes
      const end = bytes.lastIndexOf(LF) + 1
      if (end > 0) return bytes.subarray(0, end)
      const { maxLineBytes, linesBefore } = this.#options
      if (bytes.length > maxLineBytes) {
        const { name } = file.part
        throw lineTooLong((await linesBefore(this.#at)) + 1, { name, maxLineBytes })
      }
    }
  }

  /** Goes on through these lines, up to the first row that begins at `#from` or behind it. */
  #look(region: Buffer): void {
    const base = this.#at
    const from = this.#from
    // Where no row is open, one begins at the first line behind the cut.
    const cut = behindLine(region, from - 1 - base)
    let near = 0
    for (let at = 0; at < region.length && this.#start() < from;) {
      let start = at
      if (this.#assembler.openedAt === undefined && --near < 0) {
        near = NEAR_ROWS
        const quote = region.indexOf(QUOTE, at)
        const plain = quote < 0 || quote >= cut
        start = plain ? cut : lineStart(region, quote, at)
        this.#assembler.passed(start - at)
        if (plain) {
          this.#at = base + cut
          return
        }
      }
      const whole = this.#assembler.openedAt === undefined ? this.#rowEnd(region, start) : undefined
      at = whole ?? behindLine(region, start)
      this.#at = base + at
      if (whole !== undefined) {
        this.#assembler.passed(whole - start)
        continue
      }
      const end = region[at - 1] === LF ? at - 1 : at
      this.#assembler.add(region.toString('utf8', this.#textStart(region, base, start), end), base + start)
    }
  }

  /** Where the row ends that begins here, or undefined where it is better read as rows are. */
  #rowEnd(region: Buffer, start: number): number | undefined {
    const { delimiter, maxLineBytes } = this.#options
    // The mark would hide a quote behind it.
    if (region[start] === 0xef) return undefined
    const end = rowEnd(region, start, delimiter.charCodeAt(0))
    return end !== undefined && end - start <= maxLineBytes ? end : undefined
  }

  /** Behind the byte order mark, in the first line of the file. */
  #textStart(region: Buffer, base: number, start: number): number {
    return base + start === 0 ? markLength(region) : start
  }
}

/** Where the line begins that holds this position, which is near; no earlier than `least`. */
function lineStart(bytes: Uint8Array, position: number, least: number): number {
  let start = position
  while (start > least && bytes[start - 1] !== LF) start--
  return start
}

/** The position behind the first LF at or after `from`, or behind the last byte. */
function behindLine(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(LF, from)
  return from >= bytes.length || found < 0 ? bytes.length : found + 1
}

/** Bytes of the byte order mark that a file begins with, if it does. */
export function markLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/**
 * The position behind a row, with the line breaks in its quotes, as `RowSplitter` finds it; behind its first line where
 * that cannot be read. Undefined where it goes on behind these bytes, or cannot be read in a later line.
 */
function rowEnd(bytes: Uint8Array, start: number, delimiter: number): number | undefined {
  const { length } = bytes
  let goesOn = false
  for (let at = start; ; at++) {
    if (bytes[at] !== QUOTE) {
      while (at < length && bytes[at] !== delimiter && bytes[at] !== LF) at++
      if (at >= length || bytes[at] === LF) return Math.min(at + 1, length)
      continue
    }
    for (at++; bytes[at] !== QUOTE || bytes[at + 1] === QUOTE; at++) {
      if (at >= length) return undefined
      if (bytes[at] === QUOTE) at++
      else if (bytes[at] === LF) goesOn = true
    }
    at++
    if (bytes[at] === CR && (at + 1 >= length || bytes[at + 1] === LF)) at++
    if (at >= length || bytes[at] === LF) return Math.min(at + 1, length)
    if (bytes[at] === delimiter) continue
    // Text behind a closing quote: the row is given up with its first line.
    if (goesOn) return undefined
    while (at < length && bytes[at] !== LF) at++
    return Math.min(at + 1, length)
  }
}
