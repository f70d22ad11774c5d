/** What an SQL program is made of. */
import type { ChainNode } from '../spec/chain-node.ts'
import type { ColumnOut } from './columns-out.ts'
import type { ParquetFacts } from './parquet-facts.ts'

/** A table that is made on the way, because counts are read from it too. */
export interface TempTable {
  node: string
  name: string
  /** The SELECT it is made of. */
  sql: string
  /** Groups and distinct values at most, as the node's settings say; `sql` gives how many there are. */
  limit?: { most: number; sql: string }
}

/** One row, a column for each of the nodes: the records that left it by its port. */
export interface CountQuery {
  nodes: readonly string[]
  sql: string
}

export interface SqlProgram {
  /** Nodes of the chain that it does, from the first on. */
  nodes: readonly ChainNode[]
  source: ParquetFacts
  /** Made in this order, before the result is asked for. */
  tables: readonly TempTable[]
  /** Asked for at the end. */
  counts: readonly CountQuery[]
  result: {
    sql: string
    columns: readonly ColumnOut[]
    /** Counts the same records, for when they are not read to their end: those that leave this node. */
    count?: CountQuery
  }
  /** One sentence for people. */
  why: string
}
