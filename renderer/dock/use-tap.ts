/** The last records of an edge (of one that SQL stands for, the first), asked for again and again while its run goes on. */
import { useEffect, useMemo, useState } from 'react'
import type { Replies } from '../../engine/host/protocol.ts'
import { useClient } from '../transport/current-client.ts'
import { ColumnTally } from './columns.ts'
import { poll } from './poll.ts'
import type { RecordSource } from './record-source.ts'

/** Records asked for. */
const LIMIT = 200
/** At most four requests a second. */
const EVERY_MS = 250

export interface TapView {
  /** Null until the first reply. */
  source: RecordSource | null
  total: number
  /** The total is an estimate. */
  about: boolean
  /** They are the first records, and not the last ones. */
  fromStart: boolean
  /** Long values were cut. */
  truncated: boolean
  error: Error | null
}

type Reply = Replies['tap']

/** `follow` is true while new records should be shown as they come. Mount it anew for another run or edge. */
export function useTap(runId: string, edge: string, follow: boolean): TapView {
  const client = useClient()
  const [tally] = useState(() => new ColumnTally())
  const [reply, setReply] = useState<Reply | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const hasReply = reply !== null

  useEffect(() => {
    if (!client) return
    let gone = false
    const ask = async () => {
      try {
        const next = await client.request('tap', { runId, edge, limit: LIMIT })
        if (gone) return
        tally.add(next.records)
        setReply(next)
        setError(null)
      } catch (trouble) {
        if (!gone) setError(trouble instanceof Error ? trouble : new Error(String(trouble)))
      }
    }
    const stop = follow ? poll(ask, EVERY_MS) : undefined
    // When following ends because the run did, the last records are still to be had.
    if (!follow) void ask()
    return () => {
      gone = true
      stop?.()
    }
  }, [client, runId, edge, follow, tally])

  const source = useMemo(() => (reply ? sourceOf(reply, tally) : null), [reply, tally])
  return {
    source,
    total: reply?.total ?? 0,
    about: reply?.about ?? false,
    fromStart: reply?.first ?? false,
    truncated: reply?.truncated ?? false,
    error: hasReply ? null : error,
  }
}

function sourceOf(reply: Reply, tally: ColumnTally): RecordSource {
  const { records, total } = reply
  const first = reply.first ? 0 : Math.max(0, total - records.length)
  return {
    first,
    count: records.length,
    nameOf: (number) => number,
    columns: tally.columns(),
    columnsTruncated: tally.truncated,
    onlyErrors: tally.onlyErrors,
    at: (number) => {
      const index = number - first
      return index >= 0 && index < records.length ? { record: records[index] } : undefined
    },
    look: () => undefined,
    read: (from, to) => Promise.resolve(records.slice(from - first, to - first + 1)),
  }
}
