/** Reads parts of CSV files: the rows that begin in them, by the names that the first row of the file gives. */
import { CsvColumns } from './csv-columns.ts'
import { CsvCuts } from './csv-cut.ts'
import { CsvRows } from './csv-rows.ts'
import type { CsvOptions, CsvShape } from './csv-rows.ts'
import { readLines } from './line-reader.ts'
import type { PartFile } from './part-file.ts'
import type { ReadBlock } from './read-block.ts'

/** What is known of a file: how it is written, and how far its quotes were followed. */
interface CsvFile {
  path: string
  shape: CsvShape
  cuts: CsvCuts
}

export class CsvParts {
  /** The file that was read last: parts come file by file, in order. */
  #known: CsvFile | undefined

  /** @throws NodeError where the first row of the file, or any line, cannot be read at all */
  async *records(file: PartFile, options: CsvOptions): AsyncGenerator<ReadBlock> {
    const { from, to, size } = file.part
    if (this.#known?.path !== file.part.path) this.#known = await known(file, options)
    const { shape, cuts } = this.#known
    const start = await cuts.rowStart(file, from)
    // What lies before is the end of a row that the part before reads; it counts here, so that all add up to the file.
    file.count(Math.min(start, to) - Math.min(await file.lineStart(from), to))
    const before = file.linesBefore(start)
    // The first row is read again where it lies: it may be data.
    const rows = new CsvRows(options, from > 0 ? shape : { ...shape, columns: new CsvColumns(options) })
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

/** Reads up to the end of the first row. */
async function known(file: PartFile, options: CsvOptions): Promise<CsvFile> {
  const { path, size } = file.part
  let rows: CsvRows | undefined
  for await (const { lines, first, faults } of readLines(file.lines(0, size), { ...options, keepCr: true })) {
    rows ??= new CsvRows(options, CsvRows.shapeOf(options, lines))
    for (let i = 0; i < lines.length && !rows.shape.columns.known; i++) {
      rows.add(lines[i]!, first + i, faults?.get(i))
    }
    if (rows.shape.columns.known) break
  }
  if (!rows?.shape.columns.known) rows?.end()
  const shape = rows?.shape ?? CsvRows.shapeOf(options, [])
  const linesBefore = (position: number) => file.linesBefore(position)()
  const { maxLineBytes } = options
  return { path, shape, cuts: new CsvCuts({ delimiter: shape.delimiter, maxLineBytes, linesBefore }) }
}
