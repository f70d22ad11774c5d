/** `filter` as a relation: a WHERE. */
import { conditionToSql } from '../expression-to-sql.ts'
import { not } from '../comparing.ts'
import type { Relation, Step } from '../relation.ts'
import { whereOf } from '../typed.ts'

export interface Filtered {
  relation: Relation
  /** The condition, for counts; true just for the records that are let through. */
  where: string
}

/** @param port which output leads on @throws Refusal */
export function filterRelation({ config, input }: Step, port: string): Filtered {
  const condition = conditionToSql(config['condition'] as string, input.fields)
  const where = whereOf(port === 'kept' ? condition : not(condition))
  return { relation: { ...input, sql: `SELECT * FROM (${input.sql}) WHERE ${where}`, some: false }, where }
}
