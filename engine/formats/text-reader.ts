/** Reads each line as a record: a plain string. */
import type { LineBlock, LinesBefore } from './line-reader.ts'
import type { ReadBlock, ReadFailure } from './read-block.ts'

export async function* readText(
  blocks: AsyncIterable<LineBlock>,
  linesBefore?: LinesBefore,
): AsyncGenerator<ReadBlock> {
  for await (const { lines, first, faults } of blocks) {
    if (!faults) {
      yield { records: lines, failures: [] }
      continue
    }
    const failures: ReadFailure[] = []
    const before = (await linesBefore?.()) ?? 0
    const records = lines.filter((record, i) => {
      const reason = faults.get(i)
      if (reason !== undefined) failures.push({ reason, record, line: before + first + i })
      return reason === undefined
    })
    yield { records, failures }
  }
}
