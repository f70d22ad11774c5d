/** The last records of an edge, live while the run goes on; the first ones where SQL did the nodes around it. */
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { countText } from './cell-text.ts'
import { Empty } from './empty.tsx'
import { RecordsView } from './records-view.tsx'
import { Tools } from './tools.tsx'
import { useTap } from './use-tap.ts'

interface EdgeRecordsProps {
  runId: string
  running: boolean
  edge: string
  tools: HTMLElement | null
}

export function EdgeRecords({ runId, running, edge, tools }: EdgeRecordsProps) {
  const [paused, setPaused] = useState(false)
  const { source, total, about, fromStart, truncated, error } = useTap(runId, edge, running && !paused)

  if (error) {
    return (
      <Empty tone="failed" title={error.message}>
        Press Run to get new records.
      </Empty>
    )
  }
  if (!source) return <Empty title="Asking for the records…" />
  const sign = about ? '≈ ' : ''
  // Records inside a stage that one SQL statement does are looked up beside it, which does not always find them.
  if (source.count === 0 && total > 0) {
    return (
      <Empty title={`${sign}${plural(total, 'record')} passed, and none are at hand to look at`}>
        The nodes around this wire ran as one SQL statement, and its first records were not found in a second,
        or hold lists and objects. Run the flow in the terminal with --tier row, or wire a table to it, to see
        them.
      </Empty>
    )
  }
  if (source.count === 0) {
    return (
      <Empty title={running ? 'No records have come this way yet' : 'No records came this way'}>
        {running ? 'They appear here as soon as they do.' : 'Look at the node before it, or at the Log.'}
      </Empty>
    )
  }
  const pause = running && (
    <Tools host={tools}>
      <button type="button" className="dock-tool" aria-pressed={paused} onClick={() => setPaused(!paused)}>
        {paused ? <Play size={13} /> : <Pause size={13} />}
        {paused ? 'Follow' : 'Pause'}
      </button>
    </Tools>
  )
  return (
    <>
      <RecordsView
        source={source}
        label={`Records of ${edge.replace('->', ' to ')}`}
        tools={tools}
        note={
          source.count < total
            ? `${fromStart ? 'first' : 'last'} ${source.count} of ${sign}${countText(total)}`
            : `${sign}${plural(total, 'record')}`
        }
        detail={truncated ? 'Long values are cut here; the flow itself has them whole.' : undefined}
      />
      {pause}
    </>
  )
}

function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`
}
