/** Reads parts of CSV files: the rows that begin in them, by the names that the first row of the file gives. */
import { CsvColumns } from './csv-columns.ts'
import { CsvCuts, markLength } from './csv-cut.ts'
import { CsvRows } from './csv-rows.ts'
import type { CsvOptions, CsvShape } from './csv-rows.ts'
import { readLines } from './line-reader.ts'
import type { PartFile } from './part-file.ts'
import type { ReadBlock } from './read-block.ts'

/** What is known of a file: how it is written, and how far its quotes were followed. */
export interface CsvFile {
  path: string
  shape: CsvShape
  cuts: CsvCuts
  /** Where the first row begins: blank lines may lie before it. */
  firstRow: number
}

export class CsvParts {
  /** The file that was read last: parts come file by file, in order. */
  #known: CsvFile | undefined

  /** @throws NodeError where the first row of the file, or any line, cannot be read at all */
  async *records(file: PartFile, options: CsvOptions): AsyncGenerator<ReadBlock> {
    const { from, size, rowAt } = file.part
    if (this.#known?.path !== file.part.path) this.#known = await csvFile(file, options)
    const start = await this.#known.cuts.rowStart(file, from, rowAt)
    file.count(await bytesSkipped(file, start))
    const before = file.linesBefore(start)
    const rows = new CsvRows(options, shapeFrom(this.#known, start, options))
    rows.passed(start)

    let bytes = 0
    let count = 0
    const own = readLines(file.ownLines(start), {
      ...options,
      keepCr: true,
      linesBefore: from > 0 ? before : undefined,
    })
    for await (const block of own) {
      block.lines.forEach((line, i) => rows.add(line, block.first + i, block.faults?.get(i)))
      count += block.lines.length
      bytes += block.bytes
      // Whoever is given the end of this part looks through what lies between, and not through all of the file.
      if (!rows.isOpen) file.part.rowAt = start + bytes
      yield await rows.take(before)
    }

    let open = rows.onlyFinish(count + 1)
    const rest = readLines(file.lines(start + bytes, open ? size : 0), {
      ...options,
      keepCr: true,
      linesBefore: async () => count + (await before()),
    })
    for await (const { lines, first, faults } of rest) {
      for (let i = 0; open && i < lines.length; i++) {
        rows.add(lines[i]!, count + first + i, faults?.get(i))
        open = rows.onlyFinish(count + 1)
      }
      if (!open) break
    }
    if (open) rows.end()
    yield await rows.take(before)
  }
}

/** The shape of a part whose first row begins at `start`. The file's first row is read again where it lies: it may be data. */
export function shapeFrom({ shape, firstRow }: CsvFile, start: number, options: CsvOptions): CsvShape {
  return start > firstRow ? shape : { ...shape, columns: new CsvColumns(options) }
}

/**
 * Bytes of the part's lines before its first row, which begins at `start`. They are the end of a row that a part before
 * reads, and count here, so that all parts add up to the file.
 */
export async function bytesSkipped(file: PartFile, start: number): Promise<number> {
  const { from, to } = file.part
  return (start < to ? start : await file.lineStart(to)) - (await file.lineStart(from))
}

/**
 * Reads up to the end of the first row.
 * @throws NodeError where it, or any line before its end, cannot be read at all
 */
export async function csvFile(file: PartFile, options: CsvOptions): Promise<CsvFile> {
  const { path, size } = file.part
  let rows: CsvRows | undefined
  let firstRow = markLength(await file.read(0, 3))
  let began = false
  for await (const { lines, first, faults } of readLines(file.lines(0, size), { ...options, keepCr: true })) {
    rows ??= new CsvRows(options, CsvRows.shapeOf(options, lines))
    for (let i = 0; i < lines.length && !rows.shape.columns.known; i++) {
      began ||= lines[i] !== '' && lines[i] !== '\r'
      if (!began) firstRow += lines[i]!.length + 1
      rows.add(lines[i]!, first + i, faults?.get(i))
    }
    if (rows.shape.columns.known) break
  }
  if (!rows?.shape.columns.known) rows?.end()
  const shape = rows?.shape ?? CsvRows.shapeOf(options, [])
  const linesBefore = (position: number) => file.linesBefore(position)()
  const { maxLineBytes } = options
  const cuts = new CsvCuts({ delimiter: shape.delimiter, maxLineBytes, linesBefore })
  return { path, shape, cuts, firstRow }
}
