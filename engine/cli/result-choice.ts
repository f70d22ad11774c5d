/** Which table's records `weir run` prints. */
import type { Flow } from '../flow/model.ts'
import { nearest } from '../flow/suggest.ts'
import { UsageError } from './exit-codes.ts'

/**
 * The named table, or the only one; nothing where the flow has none or none is wanted (false).
 * @throws UsageError where the choice is unclear: printing the wrong one would look right
 */
export function chooseResult(flow: Flow, wanted: string | false | undefined): string | undefined {
  if (wanted === false) return undefined
  const tables = Object.keys(flow.nodes).filter((id) => flow.nodes[id]!.type === 'table')
  if (wanted === undefined) {
    if (tables.length < 2) return tables[0]
    throw new UsageError(
      `The flow has ${tables.length} tables, and it is not said which to print: ${tables.join(', ')}.`,
      `Add ${tables.map((id) => `--result ${id}`).join(' or ')}; --no-result prints none.`,
    )
  }
  if (tables.includes(wanted)) return wanted
  const near = nearest(wanted, tables)
  const type = Object.hasOwn(flow.nodes, wanted) ? flow.nodes[wanted]!.type : undefined
  throw new UsageError(
    type === undefined ? `There is no node "${wanted}".` : `${wanted} is no table but a ${type}.`,
    tables.length === 0
      ? 'The flow has no table; add one where the records should come out.'
      : `${near ? `Did you mean --result ${near}? ` : ''}Its tables: ${tables.join(', ')}.`,
  )
}
