/** Reads parts of files as records: what one worker does of files that several share. */
import { NodeError } from '../spec/node-error.ts'
import type { DataRecord } from '../spec/node.ts'
import { fileBytes } from './byte-source.ts'
import { CsvParts } from './csv-part.ts'
import type { FilePart, OpenPart } from './file-part.ts'
import type { FileFormat } from './format-name.ts'
import { LineCounter } from './line-count.ts'
import { BINARY_WINDOW, readLines, refuseBinary } from './line-reader.ts'
import { readNdjson } from './ndjson-reader.ts'
import { PartFile } from './part-file.ts'
import type { PartWorkshop } from './part-file.ts'
import type { ReadBlock } from './read-block.ts'
import { readRecords } from './read-records.ts'
import type { ReadOptions } from './read-records.ts'
import { readText } from './text-reader.ts'

export interface PartOptions extends Omit<ReadOptions, 'format'> {
  format: FileFormat
}

/** Reads part after part; what it finds out about a file helps with the file's next part. */
export class PartReader {
  readonly #shop: PartWorkshop
  readonly #csv = new CsvParts()
  /** The file whose start was seen to be text. */
  #text = ''

  constructor({ signal, read }: Omit<PartWorkshop, 'counter'>) {
    this.#shop = { signal, read, counter: new LineCounter(signal) }
  }

  /**
   * The records that begin in the part. Lines in failures and messages count from the start of the file.
   * @throws NodeError where the file is unreadable or no text, or where it changed since it was cut
   */
  async *records(part: OpenPart, options: PartOptions): AsyncGenerator<ReadBlock> {
    const file = await PartFile.open(part, this.#shop)
    try {
      const { format } = options
      if (format === 'parquet') yield* this.#rowGroups(file)
      else if (part.packed) yield* readRecords(fileBytes(part.path, this.#shop), { ...options, format })
      else if (format === 'csv') yield* this.#csv.records(file, options)
      else yield* this.#lines(file, { ...options, format })
      await file.check()
    } catch (error) {
      // What somebody else wrote into the file meanwhile looks like damage.
      if (error instanceof NodeError) await file.check()
      throw error
    } finally {
      await file.close()
    }
  }

  /** The first rows of a Parquet file, at most `limit`. @throws NodeError where it cannot be read */
  async firstRows(part: FilePart, limit: number): Promise<DataRecord[]> {
    const file = await PartFile.open(part, this.#shop)
    const rows: DataRecord[] = []
    try {
      const { readParquet } = await import('./parquet-reader.ts')
      for await (const records of readParquet(file, limit)) {
        rows.push(...records)
        if (rows.length >= limit) break
      }
      return rows.slice(0, limit)
    } finally {
      await file.close()
    }
  }

  async *#rowGroups(file: PartFile): AsyncGenerator<ReadBlock> {
    // Loaded when it is needed: most flows have no Parquet, and a start should not wait for it.
    const { readParquet } = await import('./parquet-reader.ts')
    for await (const records of readParquet(file)) yield { records, failures: [] }
  }

  async *#lines(file: PartFile, options: ReadOptions): AsyncGenerator<ReadBlock> {
    const { path, name, from } = file.part
    if (from > 0 && this.#text !== path) refuseBinary(await file.read(0, BINARY_WINDOW), 0, name)
    this.#text = path
    const start = await file.lineStart(from)
    const before = file.linesBefore(start)
    const lines = readLines(file.ownLines(start), {
      ...options,
      linesBefore: from > 0 ? before : undefined,
    })
    yield* options.format === 'ndjson' ? readNdjson(lines, before) : readText(lines, before)
  }
}
