/** What an SQL program is made of. */
import type { ChainNode } from '../spec/chain-node.ts'
import type { ColumnOut } from './columns-out.ts'
import type { ParquetFacts } from './parquet-facts.ts'

/** What SQL is asked to do: nodes one behind the other, from a source, or from a join of two such trees. */
export interface SqlTree {
  /** The source, or the join, first. */
  chain: readonly ChainNode[]
  /** Where the first node is a join. */
  sides?: { left: SqlTree; right: SqlTree }
}

export interface SqlNode extends ChainNode {
  /** The nodes that feed it: none for a source, the left one first for a join. */
  from: readonly string[]
}

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

/** A file that the records go to, in place of the run. */
export interface Writing {
  node: string
  /** As it is in the flow. */
  path: string
  /** The SELECT whose rows are the file's, in its order. */
  sql: string
  /** The order is that of the file which is read, and not said in `sql`. */
  inFileOrder: boolean
  /** The columns are given: a file without records is a file too. */
  named: boolean
  /** One boolean: whether a column holds -0, which a dictionary would take for 0. */
  minusZero?: string
}

/** How the first records on a wire inside the chain are asked for. */
export interface Look {
  /** The statement; it gives all records, or as many as a tap shows. */
  sql: string
  columns: readonly ColumnOut[]
  /**
   * `file`: the records as they lie in the file, so that the first are had at once. `fold`: they are there only when
   * the file was read to its end. `tables`: out of a table of the database, as long as that is open.
   */
  from: 'file' | 'fold' | 'tables'
}

/** A node that reads. */
export interface SqlSource {
  node: string
  facts: ParquetFacts
  /** A part of the text of just those statements that read it. */
  scan: string
}

/** A count that may be asked of a piece of what is read: its share tells of all, about. */
export interface Survey extends CountQuery {
  /** The sources whose records it counts, or the pairs of whose records. */
  sources: readonly string[]
  /** Of which of them a piece may stand for all, while the others are read whole. */
  by: readonly string[]
}

export interface SqlProgram {
  /** The nodes that it does, each behind those that feed it; the records of the last one come out. */
  nodes: readonly SqlNode[]
  /** What is read, by the node that reads it. */
  sources: readonly SqlSource[]
  /** Made in this order, before the result is asked for. */
  tables: readonly TempTable[]
  /** Asked for at the end. */
  counts: readonly CountQuery[]
  /** Asked for on the way. */
  surveys: readonly Survey[]
  result: {
    /** Its last column and row mark the end (`sealedOut`); not where the records are written. */
    sql: string
    columns: readonly ColumnOut[]
    /** Counts the same records, for when they are not read to their end: those that leave this node. */
    count?: CountQuery
  }
  /** For each node but the last, the records that leave it; absent where there is no way for them out of SQL. */
  looks: readonly (Look | undefined)[]
  /** The last node writes them; `result` then has the counts only. */
  writing?: Writing
  /** One sentence for people. */
  why: string
}
