/** Reads CSV rows from lines. A row that cannot be read becomes a failure with its line; the next line is read again. */
import { CsvRows } from './csv-rows.ts'
import type { CsvOptions } from './csv-rows.ts'
import type { LineBlock } from './line-reader.ts'
import type { ReadBlock } from './read-block.ts'

/** Records of the rows in these lines (read with `keepCr`), which are all of a file. */
export async function* readCsv(
  blocks: AsyncIterable<LineBlock>,
  options: CsvOptions,
): AsyncGenerator<ReadBlock> {
  let rows: CsvRows | undefined
  for await (const { lines, first, faults } of blocks) {
    rows ??= new CsvRows(options, CsvRows.shapeOf(options, lines))
    for (let i = 0; i < lines.length; i++) rows.add(lines[i]!, first + i, faults?.get(i))
    yield await rows.take()
  }
  rows?.end()
  if (rows) yield await rows.take()
}
