/** Reads one JSON value per line. Blank lines are skipped; a line that is not JSON becomes a failure. */
import { reasonOf } from '../spec/expression.ts'
import type { LineBlock, LinesBefore } from './line-reader.ts'
import type { ReadBlock } from './read-block.ts'

export async function* readNdjson(
  blocks: AsyncIterable<LineBlock>,
  linesBefore?: LinesBefore,
): AsyncGenerator<ReadBlock> {
  for await (const { lines, first, faults } of blocks) {
    const block: ReadBlock = { records: [], failures: [] }
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i]!
      const fault = faults?.get(i)
      if (fault !== undefined) {
        block.failures.push({ reason: fault, record: text, line: first + i })
        continue
      }
      try {
        block.records.push(JSON.parse(text))
      } catch (error) {
        if (text.trim() === '') continue
        block.failures.push({
          reason: `The line is not JSON: ${reasonOf(error)}.`,
          record: text,
          line: first + i,
        })
      }
    }
    if (block.failures.length > 0 && linesBefore) {
      const before = await linesBefore()
      for (const failure of block.failures) failure.line += before
    }
    yield block
  }
}
