/** Rows of a table on their way to the thread that writes them: one that cannot go as it is goes as its JSON form. */
import { jsonLine } from '../formats/record-text.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { NodeError } from '../spec/node-error.ts'

/** @throws NodeError where a record can neither leave the thread nor be written as JSON */
export function sentRows(batch: Batch): Batch {
  return batch.map(sentRow)
}

function sentRow(record: DataRecord): DataRecord {
  try {
    return structuredClone(record)
  } catch {
    return jsonForm(record)
  }
}

/** As `jsonLine` writes it: functions in it are left out. */
function jsonForm(record: DataRecord): DataRecord {
  try {
    return JSON.parse(jsonLine(record)) as DataRecord
  } catch (error) {
    throw new NodeError((error as Error).message, { remedy: 'Make JSON of it with a map before the table.' })
  }
}
