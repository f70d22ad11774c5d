/** Posts what a part says, also where a record that failed holds what cannot be cloned: it then travels as it can be shown. */
import type { ErrorRecord } from '../spec/node.ts'
import { sentFailure } from './failed-record.ts'
import type { FromPart, PartPort } from './part-protocol.ts'

/** @throws DOMException where anything else of it cannot be cloned */
export function post(port: PartPort, message: FromPart, transfer?: readonly ArrayBuffer[]): void {
  try {
    port.postMessage(message, transfer)
  } catch (error) {
    if (!isUncloneable(error)) throw error
    if (message.say === 'records' && Array.isArray(message.batch) && message.batch.every(hasFailed)) {
      port.postMessage({ ...message, batch: message.batch.map(sentFailure) })
    } else if (message.say === 'encoded') {
      const { piece } = message
      const failures = piece.failures.map(sentFailure)
      port.postMessage({ ...message, piece: { ...piece, failures } }, transfer)
    } else throw error
  }
}

export function isUncloneable(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError'
}

/** All others are looked at before they are sent: see `may-travel.ts`. */
function hasFailed(record: unknown): record is ErrorRecord {
  return typeof record === 'object' && record !== null && 'reason' in record && 'record' in record
}
