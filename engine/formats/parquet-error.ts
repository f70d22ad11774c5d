/** Errors for people about Parquet files. */
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'

/** What hyparquet says of a codec that it has no name for. */
const NO_NAME = 'undefined'

const CODEC = /unsupported compression codec:? ?(\w+)/i

/** What to throw where the file cannot be read: errors that are already for people, and aborts, stay as they are. */
export function parquetError(error: unknown, name: string, where: string): unknown {
  if (error instanceof NodeError || (error instanceof Error && error.name === 'AbortError')) return error
  const codec = CODEC.exec(reasonOf(error))?.[1]
  if (codec !== undefined) {
    const how = codec === NO_NAME ? 'in a way that is not known' : `with ${codec}`
    return new NodeError(`${name} is packed ${how}, which cannot be unpacked (${where}).`, {
      remedy: 'Write it again with zstd, snappy, gzip, brotli, lz4 or without compression.',
      field: 'path',
      cause: error,
    })
  }
  // Nonsense that was followed until nothing more could be made of it.
  const isOfEngine = error instanceof TypeError || error instanceof RangeError
  const isNonsense = isOfEngine && !('code' in error)
  const reason = isNonsense ? 'its bytes make no sense' : reasonOf(error)
  return new NodeError(`${name} is damaged: ${where} cannot be read (${reason}).`, {
    remedy: 'Get the file again, or write it again from its source.',
    field: 'path',
    cause: error,
  })
}

/** Checks the first and the last four bytes of a file. @throws NodeError where it is no Parquet file, or encrypted */
export function refuseNoParquet(head: Buffer, tail: Buffer, name: string): void {
  const [first, last] = [head.toString('latin1'), tail.toString('latin1')]
  if (first === 'PAR1' && last === 'PAR1') return
  if (first === '') {
    throw new NodeError(`${name} is empty: it has no bytes, and a Parquet file has some even without rows.`, {
      remedy: 'Get the file again; its writer may not have begun it.',
      field: 'path',
    })
  }
  if (first === 'PARE' || last === 'PARE') throw encryptedError(name)
  if (first === 'PAR1') {
    throw new NodeError(`${name} is cut off: a Parquet file ends with PAR1, and this one does not.`, {
      remedy: 'Get the whole file again; its writer may not have finished it.',
      field: 'path',
    })
  }
  const zipped = head[0] === 0x1f && head[1] === 0x8b
  throw new NodeError(`${name} is no Parquet file${zipped ? ', but one that gzip has packed' : ''}.`, {
    remedy: zipped ? 'Unpack it first, with gunzip.' : 'Choose another file, or set its format.',
    field: 'path',
  })
}

/** What to throw where a file, or a column of it, needs a key. */
export function encryptedError(name: string): NodeError {
  return new NodeError(`${name} is encrypted; only open Parquet files can be read.`, {
    remedy: 'Write it without encryption.',
    field: 'path',
  })
}
