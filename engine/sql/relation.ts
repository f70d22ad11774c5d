/** Records as DuckDB has them on the way: a statement, the fields of a record, and what says their order. */
import type { Typed } from './typed.ts'

export interface Relation {
  /** SELECT whose columns are those that `fields` and `order` name. */
  sql: string
  /** Fields of a record in their order; `sql` of each is a column. */
  fields: ReadonlyMap<string, Typed>
  /** Terms of ORDER BY that put the records in the order in which the row tier has them; no two are alike in all. */
  order: readonly string[]
  /** Records at most. */
  most: number
}

/** Names of columns and tables, each new. */
export class Names {
  #last = 0
  next(prefix: string): string {
    return `${prefix}${++this.#last}`
  }
}

/** What a translator of a node type is given and may use. */
export interface Step {
  node: string
  config: Record<string, unknown>
  input: Relation
  names: Names
}

/** The same records with one more column. */
export function withColumn(relation: Relation, sql: string, name: string): string {
  return `SELECT *, ${sql} AS ${name} FROM (${relation.sql})`
}
