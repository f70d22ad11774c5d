/** Where the rows of a `table` go: into its row store, and to whoever wants all of them. */
import type { AnyNodeType, ResultSink } from '../spec/node.ts'
import { RowStore } from './row-store.ts'

/** Default bounds of a row store for nodes that name none. */
const ROWS = { limit: 100_000, last: 1000 }

/** @param stream gets every row of one `table`, beside its row store */
export function resultSink(
  id: string,
  type: AnyNodeType,
  config: Record<string, unknown>,
  stream: { node: string; sink: ResultSink } | undefined,
): { sink: ResultSink; store?: RowStore } {
  if (type.look.view !== 'table') return { sink: { append: () => {} } }
  const bound = (value: unknown, initial: number) => (typeof value === 'number' ? value : initial)
  const store = new RowStore(bound(config['limit'], ROWS.limit), bound(config['last'], ROWS.last))
  if (stream?.node !== id) return { sink: store, store }
  return {
    store,
    sink: {
      append(batch) {
        store.append(batch)
        return stream.sink.append(batch)
      },
    },
  }
}
