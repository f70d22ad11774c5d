/** The rows of a table node. */
import { Empty } from './empty.tsx'
import { RecordsView } from './records-view.tsx'
import { rowsNote } from './rows-note.ts'
import { useTable } from './use-table.ts'

interface TableRecordsProps {
  runId: string
  running: boolean
  node: string
  tools: HTMLElement | null
}

export function TableRecords({ runId, running, node, tools }: TableRecordsProps) {
  const { source, head, stored, total, error } = useTable(runId, node, running)

  if (error && !source?.count) {
    return (
      <Empty tone="failed" title={error.message}>
        Press Run to fill the table again.
      </Empty>
    )
  }
  if (!source) return <Empty title="Asking for the rows…" />
  if (source.count === 0) {
    return running ? (
      <Empty title="No rows yet">They appear here as soon as they reach the table.</Empty>
    ) : (
      <Empty title="No rows reached this table">
        Click the edges before it to see where the records end.
      </Empty>
    )
  }
  return (
    <RecordsView
      source={source}
      label={`Rows of ${node}`}
      tools={tools}
      note={rowsNote({ shown: source.count, head, stored, total })}
      detail={error ? error.message : undefined}
    />
  )
}
