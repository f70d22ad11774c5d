/** The rows of a table node, page by page; while its run goes on the count grows. */
import { useEffect, useMemo, useState } from 'react'
import { useClient } from '../transport/current-client.ts'
import type { EngineClient } from '../transport/client.ts'
import { ColumnTally } from './columns.ts'
import { PageCache } from './page-cache.ts'
import { poll } from './poll.ts'
import type { RecordSource } from './record-source.ts'

/** At most four requests for the count a second. */
const EVERY_MS = 250
/** Browsers draw no element taller than about 33 million px; a grid of 26 px rows ends here. */
export const MAX_GRID_ROWS = 1_200_000

export interface TableView {
  source: RecordSource | null
  /** Rows that can be read, of `total` that arrived: the first `head`, then the newest. */
  head: number
  stored: number
  total: number
  error: Error | null
}

/** `running` is true while rows may still come. Mount it anew for another run or node. */
export function useTable(runId: string, node: string, running: boolean): TableView {
  const client = useClient()
  const [view, setView] = useState<TableView>({ source: null, head: 0, stored: 0, total: 0, error: null })
  const cache = useMemo(() => client && openTable({ client, runId, node }, setView), [client, runId, node])

  useEffect(() => {
    if (!cache) return
    cache.open()
    return () => cache.close()
  }, [cache])

  useEffect(() => {
    if (!cache) return
    if (running) return poll(() => cache.refresh(), EVERY_MS)
    // Also after the run has ended: the last rows may have come since the last time.
    void cache.refresh()
  }, [cache, running])

  return view
}

interface Place {
  client: EngineClient
  runId: string
  node: string
}

function openTable({ client, runId, node }: Place, show: (view: TableView) => void): PageCache {
  const tally = new ColumnTally()
  const cache: PageCache = new PageCache(
    (offset, limit) => client.request('rows', { runId, node, offset, limit }),
    (added) => {
      tally.add(added)
      show({
        source: sourceOf(cache, tally),
        head: cache.head,
        stored: cache.stored,
        total: cache.total,
        error: cache.error,
      })
    },
  )
  return cache
}

function sourceOf(cache: PageCache, tally: ColumnTally): RecordSource {
  return {
    first: 0,
    count: Math.min(cache.stored, MAX_GRID_ROWS),
    nameOf: (number) => cache.numberOf(number),
    columns: tally.columns(),
    columnsTruncated: tally.truncated,
    onlyErrors: tally.onlyErrors,
    at: (number) => cache.row(number),
    look: (first, last) => cache.look(first, last),
    read: (first, last) => cache.read(first, last),
  }
}
