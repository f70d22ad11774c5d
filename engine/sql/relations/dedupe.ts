/** `dedupe` as a relation: of equal records the first one. */
import type { Relation, Step } from '../relation.ts'
import { noMissing, refuse } from '../typed.ts'
import { asKey } from './sort.ts'

/** @param port an output that is wired, other than `out` where there is one @throws Refusal */
export function dedupeRelation({ config, input }: Step, port: string): Relation {
  if (port !== 'out') refuse('the duplicates, which are wanted too')
  const by = config['by'] as string[]
  const keys: string[] = []
  for (const name of by.length > 0 ? by : input.fields.keys()) {
    const typed = input.fields.get(name)
    // What is missing everywhere tells no records apart.
    if (!typed || typed.kind === 'null') continue
    if (typed.kind === 'opaque') refuse(typed.why)
    noMissing(typed)
    keys.push(typed.kind === 'number' ? asKey(typed) : typed.sql)
  }
  const among = keys.length > 0 ? `PARTITION BY ${keys.join(', ')} ` : ''
  // Not row_number(): of `row_number() = 1` DuckDB makes a join by sort keys, in which -0 becomes 0.
  const frame = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'
  const place = `count(*) OVER (${among}ORDER BY ${input.order.join(', ')} ${frame})`
  const unique = (by.length > 0 ? by : [...input.fields.keys()]).filter((name) => input.fields.has(name))
  return { ...input, sql: `SELECT * FROM (${input.sql}) QUALIFY ${place} = 1`, unique }
}
