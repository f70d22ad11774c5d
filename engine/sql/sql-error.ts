/** What goes wrong in DuckDB, in the words of the flow: the node, what happened, and what to do about it. */
import { basename } from 'node:path'
import { duckDbShortage } from '../formats/duckdb-error.ts'
import { NodeError } from '../spec/node-error.ts'
import type { ChainNode } from '../spec/chain-node.ts'

/** The job was told to end. */
export class Interrupted extends Error {
  override readonly name = 'AbortError'
  constructor() {
    super('the statement was ended')
  }
}

/** Expected trouble, and the node that it belongs to. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure'
  readonly node: string
  readonly error: NodeError
  constructor(node: string, error: NodeError) {
    super(error.message, { cause: error })
    this.node = node
    this.error = error
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
    source.id
  if (error instanceof NodeError) return new SqlFailure(holder, error)
  const short = message.split('\n')[0]!.slice(0, 300)
  const shortage = duckDbShortage(error)
  if (shortage) return new SqlFailure(holder, shortage)
  if (/parquet|snappy|zstd|gzip|brotli|lz4|thrift|utf-?8|io error|corrupt|invalid/i.test(message)) {
    return new SqlFailure(
      source.id,
      new NodeError(`${String(source.config['path'])} cannot be read: ${short}`, {
        remedy: 'Make the file anew; it is damaged, cut off, or of a kind that is not known.',
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

/** Whether DuckDB speaks of the file, or of one of the files, that the node reads. */
function isTold({ type, config }: ChainNode, message: string): boolean {
  if (type !== 'file') return false
  const [start = ''] = basename(String(config['path'])).split(/[*?[]/)
  return start !== '' && message.includes(start)
}
