/** The last records of an edge as they are sent to people: previews, with the fields that they have. */
import { fieldTypes } from '../spec/field-types.ts'
import type { Batch } from '../spec/node.ts'
import { previewRecords } from '../spec/preview.ts'
import type { TapAnswer } from './worker-protocol.ts'

export function tapAnswer(records: Batch | undefined): TapAnswer | null {
  return records ? { ...previewRecords(records), fields: fieldTypes([...records]) } : null
}
