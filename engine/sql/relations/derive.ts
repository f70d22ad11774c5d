/** `derive` as a relation: a column for each field that is set. */
import { expressionToSql } from '../expression-to-sql.ts'
import type { Relation, Step } from '../relation.ts'
import { stillUnique, withColumn } from '../relation.ts'
import { noMissing, refuse } from '../typed.ts'
import type { Typed } from '../typed.ts'

/** @throws Refusal */
export function deriveRelation({ config, input, names }: Step): Relation {
  const fields = config['fields'] as { field: string; value: string }[]
  let relation = input
  for (const { field, value } of fields) {
    if (field === '__proto__') refuse('a field that is called “__proto__”')
    const typed = expressionToSql(value, relation.fields)
    if (typed.kind === 'undefined') refuse('a value that is undefined')
    relation = stillUnique({ ...relation, ...set(relation, field, typed, names.next('c')) }, relation)
  }
  return relation
}

function set(
  relation: Relation,
  field: string,
  typed: Typed,
  name: string,
): Pick<Relation, 'sql' | 'fields'> {
  noMissing(typed)
  const fields = new Map(relation.fields)
  // What is a column already stays that one, also under another name.
  if (typed.kind === 'time' || typed.kind === 'opaque' || typed.kind === 'null') {
    return { sql: relation.sql, fields: fields.set(field, typed) }
  }
  const { sql, ...known } = typed
  if (known.kind === 'boolean') delete known.where
  if (known.kind === 'number' || known.kind === 'text') delete known.constant
  return { sql: withColumn(relation, sql, name), fields: fields.set(field, { ...known, sql: name } as Typed) }
}
