/** Reads CSV rows from lines. A row that cannot be read becomes a failure with its line; the next line is read again. */
import type { DataRecord } from '../spec/node.ts'
import { delimiterOf, guessDelimiter } from './csv-dialect.ts'
import type { DelimiterName } from './csv-dialect.ts'
import { CsvColumns } from './csv-columns.ts'
import { RowSplitter } from './csv-row.ts'
import type { LineBlock } from './line-reader.ts'
import type { ReadBlock, ReadFailure } from './read-block.ts'

export interface CsvOptions {
  /** Of the file or stream, for messages. */
  name: string
  delimiter: DelimiterName | 'auto'
  /** The first row names the fields; else they are called column1, column2, … */
  header: boolean
  types: 'infer' | 'text'
  /** Bound of a row that goes over several lines. */
  maxLineBytes: number
}

/** A line that waits for the rest of its row. */
interface Pending {
  text: string
  number: number
  fault?: string
}

/** Lines are read again after an unclosed quote at most so many times on average, so that no file takes for ever. */
const REREADS = 4

/** Records of the rows in these lines (read with `keepCr`). */
export async function* readCsv(
  blocks: AsyncIterable<LineBlock>,
  options: CsvOptions,
): AsyncGenerator<ReadBlock> {
  let rows: CsvRows | undefined
  for await (const { lines, first, faults } of blocks) {
    rows ??= new CsvRows(options, lines)
    for (let i = 0; i < lines.length; i++) rows.add(lines[i]!, first + i, faults?.get(i))
    yield rows.take()
  }
  rows?.end()
  if (rows) yield rows.take()
}

class CsvRows {
  readonly #options: CsvOptions
  readonly #delimiter: string
  readonly #splitter: RowSplitter
  readonly #columns: CsvColumns
  #records: DataRecord[] = []
  #failures: ReadFailure[] = []
  /** Lines of the row that is open. */
  #pending: Pending[] = []
  #pendingLength = 0
  /** Characters that may still be read again. */
  #rereads: number

  constructor(options: CsvOptions, firstLines: readonly string[]) {
    this.#options = options
    const name = options.delimiter === 'auto' ? guessDelimiter(firstLines) : options.delimiter
    this.#delimiter = delimiterOf(name)
    this.#splitter = new RowSplitter(this.#delimiter)
    this.#columns = new CsvColumns(options)
    this.#rereads = options.maxLineBytes * REREADS
  }

  take(): ReadBlock {
    const block = { records: this.#records, failures: this.#failures }
    this.#records = []
    this.#failures = []
    return block
  }

  add(text: string, number: number, fault?: string): void {
    this.#rereads += text.length * REREADS
    if (this.#pending.length > 0 || fault !== undefined || text.includes('"')) {
      this.#readAll([{ text, number, fault }])
      return
    }
    const line = text.endsWith('\r') ? text.slice(0, -1) : text
    this.#row(line.split(this.#delimiter), line, number)
  }

  end(): void {
    while (this.#pending.length > 0) {
      const start = this.#pending[0]!.number
      this.#readAll(this.#giveUp(`the quote opened in line ${start} is never closed`))
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
    const before = this.#pending.length
    this.#pending.push(line)
    this.#pendingLength += line.text.length + 1
    const outcome = this.#splitter.push(line.text)
    if (outcome === 'open') {
      if (this.#pendingLength <= this.#options.maxLineBytes) return []
      return this.#giveUp(`the quote opened in line ${this.#pending[0]!.number} is not closed for too long`)
    }
    if (!Array.isArray(outcome)) {
      const where = before > 0 ? ` (seen in line ${line.number}; is a quote missing before?)` : ''
      return this.#giveUp(outcome.reason + where)
    }
    const fault = this.#pending.find((part) => part.fault !== undefined)?.fault
    const { number } = this.#pending[0]!
    const raw = this.#takePending()
    if (fault === undefined) this.#row(outcome, raw, number)
    else this.#fail(fault, raw, number)
    return []
  }

  /** Gives up the first line of the open row and returns the others; or all of them where they were read too often. */
  #giveUp(reason: string): Pending[] {
    this.#splitter.reset()
    const [first, ...others] = this.#pending as [Pending, ...Pending[]]
    const length = this.#pendingLength
    const raw = this.#takePending()
    const sentence = `The row cannot be read: ${reason}.`
    if (others.length > 0 && length > this.#rereads) {
      this.#fail(sentence, raw, first.number)
      return []
    }
    this.#rereads -= length
    this.#fail(first.fault ?? sentence, withoutCr(first.text), first.number)
    return others
  }

  /** The raw text of the open row, which is none any more. */
  #takePending(): string {
    const raw = withoutCr(this.#pending.map((part) => part.text).join('\n'))
    this.#pending = []
    this.#pendingLength = 0
    return raw
  }

  #row(fields: string[], raw: string, line: number): void {
    const outcome = this.#columns.record(fields, line, raw === '')
    if (outcome === undefined) return
    if ('reason' in outcome) this.#fail(outcome.reason, raw, line)
    else this.#records.push(outcome.record)
  }

  #fail(reason: string, record: string, line: number): void {
    this.#columns.refuseBadHeader(reason, line)
    this.#failures.push({ reason, record, line })
  }
}

function withoutCr(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
