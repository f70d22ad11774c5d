/** What goes wrong in DuckDB, in the words of the flow: the node, what happened, and what to do about it. */
import { basename } from 'node:path'
import { duckDbShortage, isOutOfMemory } from '../formats/duckdb-error.ts'
import { NodeError } from '../spec/node-error.ts'
import type { ChainNode } from '../spec/chain-node.ts'

/** The statement was told to end. */
export class Interrupted extends Error {
  override readonly name = 'AbortError'
  constructor() {
    super('the statement was ended')
  }
}

/** DuckDB failed while it gave records; its binding does not say how. */
export class StreamBroken extends Error {
  override readonly name = 'StreamBroken'
  constructor() {
    super('it stopped before the last record, and did not say why')
  }
}

/** Expected trouble, and the node that it belongs to. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure'
  readonly node: string
  readonly error: NodeError
  /** The memory did not suffice: with fewer threads it may. */
  readonly isMemory: boolean
  constructor(node: string, error: NodeError, isMemory = false) {
    super(error.message, { cause: error })
    this.node = node
    this.error = error
    this.isMemory = isMemory
  }
}

interface Place {
  nodes: readonly ChainNode[]
  node?: string
}

export function sqlFailure(error: unknown, { nodes, node }: Place): SqlFailure {
  if (error instanceof SqlFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  const source = nodes.find((one) => isTold(one, message)) ?? nodes[0]!
  const holder =
    node ??
    nodes.findLast(({ type }) => ['group', 'sort', 'top', 'dedupe', 'join'].includes(type))?.id ??
    nodes.find(({ type }) => type === 'write-file')?.id ??
    source.id
  if (error instanceof NodeError) return new SqlFailure(holder, error)
  const short = message.split('\n')[0]!.slice(0, 300)
  const shortage = duckDbShortage(error)
  // What else there is to run short of while results are read back from memory and disk.
  if (error instanceof StreamBroken) return new SqlFailure(holder, brokenOff(error), true)
  if (shortage) return new SqlFailure(holder, shortage, isOutOfMemory(error))
  if (/parquet|snappy|zstd|gzip|brotli|lz4|thrift|utf-?8|io error|corrupt|invalid/i.test(message)) {
    return new SqlFailure(
      source.id,
      new NodeError(`${fileOf(message) ?? String(source.config['path'])} cannot be read: ${plain(short)}.`, {
        remedy:
          'Make the file anew; it is damaged, cut off, or of a kind that is not known. With --tier row a run says where.',
        field: 'path',
        cause: error,
      }),
    )
  }
  return new SqlFailure(
    holder,
    new NodeError(`DuckDB failed: ${short}`, {
      remedy: 'Run it with --tier row, and please report the flow that shows it.',
      cause: error,
    }),
  )
}

/** The name of the file that DuckDB speaks of. */
function fileOf(message: string): string | undefined {
  const path = /file:? "?([^"\n,]+\.\w+)"?/i.exec(message)?.[1]
  return path === undefined ? undefined : basename(path)
}

/** Without the kind of the error, and without the file, which is named before. */
function plain(message: string): string {
  return message
    .replace(/^(?:[A-Z]\w* )+Error: /, '')
    .replace(/^Failed to read file "[^"]*": /, '')
    .replace(/\.$/, '')
}

function brokenOff(error: StreamBroken): NodeError {
  return new NodeError(`DuckDB failed: ${error.message}.`, {
    remedy:
      'Raise the memory limit of the flow (run.memoryMb, or --memory), see that the temporary folder has room, or run it with --tier row.',
    cause: error,
  })
}

/** Whether DuckDB speaks of the file, or of one of the files, that the node reads. */
function isTold({ type, config }: ChainNode, message: string): boolean {
  if (type !== 'file') return false
  const [start = ''] = basename(String(config['path'])).split(/[*?[]/)
  return start !== '' && message.includes(start)
}
