/** Records as DuckDB has them on the way: a statement, the fields of a record, and what says their order. */
import type { Typed } from './typed.ts'

export interface Relation {
  /** SELECT whose columns are those that `fields` and `order` name. */
  sql: string
  /** Fields of a record in their order; `sql` of each is a column. */
  fields: ReadonlyMap<string, Typed>
  /** Terms of ORDER BY that put the records in the order in which the row tier has them; no two are alike in all. */
  order: readonly string[]
  /** Where `order` is one column of whole numbers: they are from 0 to below this. */
  places?: bigint
  /** Records at most. */
  most: number
  /** There is a record for certain. */
  some: boolean
  /** Fields whose values no two records have in common. */
  unique?: readonly string[]
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

/** The same records without what was known of single fields that are others now, or are gone. */
export function stillUnique(relation: Relation, before: Relation): Relation {
  const { unique, ...rest } = relation
  const same = unique?.every((name) => rest.fields.get(name) === before.fields.get(name))
  return same && unique ? { ...rest, unique } : rest
}
