/** Puts CSV rows together from lines. A row that cannot be read is given up with its first line; the others are read again. */
import { plainFields, RowSplitter } from './csv-row.ts'

/** Why a row cannot be read: a sentence, or one that needs to know how many lines lie before the first that was given. */
export type RowReason = string | ((linesBefore: number) => string)

/** @param linesBefore the first line that was given */
export function reasonText(reason: RowReason, linesBefore: number): string {
  return typeof reason === 'string' ? reason : reason(linesBefore)
}

/** Who gets the rows: each with its raw text and the number of its first line. */
export interface RowTaker {
  row(fields: string[], raw: string, line: number): void
  fail(reason: RowReason, raw: string, line: number): void
}

/** A line that waits for the rest of its row. */
interface Pending {
  text: string
  number: number
  fault?: string
}

const CR = 13
/** Lines are read again after an unclosed quote at most so many times on average, so that no file takes for ever. */
const REREADS = 4

export class RowAssembler {
  readonly #delimiter: string
  readonly #splitter: RowSplitter
  readonly #maxLineBytes: number
  readonly #taker: RowTaker
  /** Lines of the row that is open. */
  #pending: Pending[] = []
  #pendingLength = 0
  /** Characters that may still be read again. */
  #rereads: number

  /** @param maxLineBytes bound of a row that goes over several lines */
  constructor(delimiter: string, maxLineBytes: number, taker: RowTaker) {
    this.#delimiter = delimiter
    this.#splitter = new RowSplitter(delimiter)
    this.#maxLineBytes = maxLineBytes
    this.#taker = taker
    this.#rereads = maxLineBytes * REREADS
  }

  /** Number of the first line of the row that is open now; undefined where the next line begins a row. */
  get openedAt(): number | undefined {
    return this.#pending[0]?.number
  }

  /** Counts characters of rows that somebody else has looked at, for the bound of what may be read again. */
  passed(characters: number): void {
    this.#rereads += characters * REREADS
  }

  /** Forgets the row that is open. */
  clear(): void {
    this.#splitter.reset()
    this.#pending = []
    this.#pendingLength = 0
  }

  /** Takes the next line, with its CR where it has one. */
  add(text: string, number: number, fault?: string): void {
    this.#rereads += text.length * REREADS
    if (this.#pending.length > 0 || fault !== undefined || text.includes('"')) {
      this.#readAll([{ text, number, fault }])
      return
    }
    const line = withoutCr(text)
    this.#taker.row(plainFields(line, this.#delimiter), line, number)
  }

  /** There are no more lines. */
  end(): void {
    while (this.#pending.length > 0) {
      const start = this.#pending[0]!.number
      this.#readAll(this.#giveUp((before) => `the quote opened in line ${start + before} is never closed`))
    }
  }

  /** Reads lines, and again those behind a row that had to be given up. */
  #readAll(lines: Pending[]): void {
    const todo = lines.toReversed()
    for (let line = todo.pop(); line !== undefined; line = todo.pop()) {
      for (const again of this.#read(line).toReversed()) todo.push(again)
    }
  }

  /** Takes one line; returns the lines that have to be read again. */
  #read(line: Pending): Pending[] {
    const goesOn = this.#pending.length > 0
    this.#pending.push(line)
    this.#pendingLength += line.text.length + 1
    const outcome = this.#splitter.push(line.text)
    if (outcome === 'open') {
      if (this.#pendingLength <= this.#maxLineBytes) return []
      const start = this.#pending[0]!.number
      return this.#giveUp((before) => `the quote opened in line ${start + before} is not closed for too long`)
    }
    if (!Array.isArray(outcome)) {
      const { reason } = outcome
      if (!goesOn) return this.#giveUp(() => reason)
      return this.#giveUp(
        (before) => `${reason} (seen in line ${line.number + before}; is a quote missing before?)`,
      )
    }
    const fault = this.#pending.find((part) => part.fault !== undefined)?.fault
    const { number } = this.#pending[0]!
    const raw = this.#takePending()
    if (fault === undefined) this.#taker.row(outcome, raw, number)
    else this.#taker.fail(fault, raw, number)
    return []
  }

  /** Gives up the first line of the open row and returns the others; or all of them where they were read too often. */
  #giveUp(reason: (linesBefore: number) => string): Pending[] {
    this.#splitter.reset()
    const [first, ...others] = this.#pending as [Pending, ...Pending[]]
    const length = this.#pendingLength
    const raw = this.#takePending()
    const sentence: RowReason = (before) => `The row cannot be read: ${reason(before)}.`
    if (others.length > 0 && length > this.#rereads) {
      this.#taker.fail(sentence, raw, first.number)
      return []
    }
    this.#rereads -= length
    this.#taker.fail(first.fault ?? sentence, withoutCr(first.text), first.number)
    return others
  }

  /** The raw text of the open row, which is none any more. */
  #takePending(): string {
    const raw = withoutCr(this.#pending.map((part) => part.text).join('\n'))
    this.#pending = []
    this.#pendingLength = 0
    return raw
  }
}

/** `endsWith` would be a call out of compiled code, for each line. */
function withoutCr(text: string): string {
  return text.charCodeAt(text.length - 1) === CR ? text.slice(0, -1) : text
}
