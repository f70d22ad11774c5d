/** CSV lines in, records and failures out: the rows of one file, or of a part of it. */
import type { DataRecord } from '../spec/node.ts'
import { delimiterOf, guessDelimiter } from './csv-dialect.ts'
import type { DelimiterName } from './csv-dialect.ts'
import { CsvColumns } from './csv-columns.ts'
import { reasonText, RowAssembler } from './csv-row-assembler.ts'
import type { RowReason } from './csv-row-assembler.ts'
import type { LinesBefore } from './line-reader.ts'
import type { ReadBlock } from './read-block.ts'

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

/** How the rows of a file are to be read, known once its first row was. */
export interface CsvShape {
  /** One character. */
  delimiter: string
  columns: CsvColumns
}

/** Who gets what is made of the rows, in order. Lines count from the first one that was given. */
export interface CsvTaker {
  record(record: DataRecord, line: number): void
  failure(reason: RowReason, raw: string, line: number): void
}

export class CsvRows {
  readonly shape: CsvShape
  readonly #assembler: RowAssembler
  readonly #taker: CsvTaker
  #records: DataRecord[] = []
  #failures: { reason: RowReason; record: string; line: number }[] = []
  /** Rows that begin at this line or behind it are somebody else's. */
  #end = Infinity

  /** @param taker gets what else `take` gives */
  constructor(options: CsvOptions, shape: CsvShape, taker?: CsvTaker) {
    this.shape = shape
    this.#taker = taker ?? {
      record: (record) => this.#records.push(record),
      failure: (reason, record, line) => this.#failures.push({ reason, record, line }),
    }
    this.#assembler = new RowAssembler(shape.delimiter, options.maxLineBytes, {
      row: (fields, raw, line) => this.#row(fields, raw, line),
      fail: (reason, raw, line) => this.#fail(reason, raw, line),
    })
  }

  /** What to read a file by whose first lines are these. */
  static shapeOf(options: CsvOptions, firstLines: readonly string[]): CsvShape {
    const name = options.delimiter === 'auto' ? guessDelimiter(firstLines) : options.delimiter
    return { delimiter: delimiterOf(name), columns: new CsvColumns(options) }
  }

  /** Takes the next line, read with its CR. */
  add(text: string, line: number, fault?: string): void {
    this.#assembler.add(text, line, fault)
  }

  /** There are no more lines. */
  end(): void {
    this.#assembler.end()
  }

  /** From line `end` on, rows only end that began before. Returns whether one is open now that did. */
  onlyFinish(end: number): boolean {
    this.#end = end
    return this.isOpen
  }

  /** Whether a row goes on in the next line. */
  get isOpen(): boolean {
    return (this.#assembler.openedAt ?? Infinity) < this.#end
  }

  /** See `RowAssembler.passed`. */
  passed(characters: number): void {
    this.#assembler.passed(characters)
  }

  /** What was read since the last call; `linesBefore` is asked only where there are failures. */
  async take(linesBefore?: LinesBefore): Promise<ReadBlock> {
    const records = this.#records
    this.#records = []
    if (this.#failures.length === 0) return { records, failures: [] }
    const before = (await linesBefore?.()) ?? 0
    const failures = this.#failures.map(({ reason, record, line }) => ({
      reason: reasonText(reason, before),
      record,
      line: line + before,
    }))
    this.#failures = []
    return { records, failures }
  }

  #row(fields: string[], raw: string, line: number): void {
    if (line >= this.#end) return
    const outcome = this.shape.columns.record(fields, line, raw === '')
    if (outcome === undefined) return
    if ('reason' in outcome) this.#fail(outcome.reason, raw, line)
    else this.#taker.record(outcome.record, line)
  }

  #fail(reason: RowReason, record: string, line: number): void {
    if (line >= this.#end) return
    // Where the header is still to come, these are the first lines of the file.
    this.shape.columns.refuseBadHeader(reasonText(reason, 0), line)
    this.#taker.failure(reason, record, line)
  }
}
