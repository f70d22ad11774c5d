/** Grid and JSON side by side, with the selection that joins them and the buttons that copy it. */
import { Copy } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { countText } from './cell-text.ts'
import { MAX_COLUMNS } from './columns.ts'
import { copyToClipboard } from './copy.ts'
import { rangeOf } from './grid-selection.ts'
import type { Selection } from './grid-selection.ts'
import { JsonView } from './json-view.tsx'
import { RecordGrid } from './record-grid.tsx'
import type { RecordSource } from './record-source.ts'
import { rowsAsCsv, rowsAsJson } from './rows-text.ts'
import { Tools } from './tools.tsx'
import { viewStore } from '../stores/view.ts'

interface RecordsViewProps {
  source: RecordSource
  label: string
  tools: HTMLElement | null
  /** How many there are. */
  note: string
  /** A sentence about the selected record. */
  detail?: string | undefined
}

/** A larger selection would need more memory than a clipboard is for. */
const MAX_COPIED = 100_000

export function RecordsView({ source, label, tools, note, detail }: RecordsViewProps) {
  const [selection, setSelection] = useState<Selection | null>(null)
  const shown = useKept(source, selection)
  const range = rangeOf(selection, { first: source.first, rows: source.count })

  const copy = useCallback(
    async (format: 'json' | 'csv') => {
      const [from, to] = rangeOf(selection, { first: source.first, rows: source.count }) ?? [
        source.first,
        source.first + source.count - 1,
      ]
      const { notify } = viewStore.getState()
      if (to - from + 1 > MAX_COPIED) {
        notify(
          `At most ${countText(MAX_COPIED)} rows can be copied at once; use a write-file node for more.`,
          'error',
        )
        return
      }
      try {
        const records = await source.read(from, to)
        const text = format === 'json' ? rowsAsJson(records) : rowsAsCsv(records, source.columns)
        const count = records.length === 1 ? '1 record' : `${countText(records.length)} records`
        await copyToClipboard(text, `${count} copied as ${format.toUpperCase()}.`)
      } catch (error) {
        notify(`Nothing was copied: ${error instanceof Error ? error.message : String(error)}`, 'error')
      }
    },
    [source, selection],
  )
  const copyJson = useCallback(() => void copy('json'), [copy])
  const what = range
    ? range[0] === range[1]
      ? 'the selected record'
      : 'the selected records'
    : 'all records here'

  return (
    <>
      <Tools host={tools}>
        <span className="dock-note" data-testid="records-note">
          {note}
          {source.columnsTruncated && ` · first ${countText(MAX_COLUMNS)} fields`}
        </span>
        <span className="dock-copy" role="group" aria-label={`Copy ${what}`}>
          <CopyButton what={what} format="JSON" onClick={copyJson} />
          <CopyButton what={what} format="CSV" onClick={() => void copy('csv')} />
        </span>
      </Tools>
      <Group orientation="horizontal" className={source.onlyErrors ? 'dock-split dock-errors' : 'dock-split'}>
        <Panel id="grid" minSize={240} className="dock-split-grid">
          <RecordGrid
            source={source}
            label={label}
            selection={selection}
            onSelect={setSelection}
            onCopy={copyJson}
          />
        </Panel>
        {shown && (
          <>
            <Separator className="dock-separator" aria-label="Width of the record" />
            <Panel id="json" defaultSize={300} minSize={200} maxSize="60%">
              <JsonView
                value={shown.record}
                title={`record ${countText(source.nameOf(shown.number) + 1)}`}
                note={noteFor(shown.gone, detail)}
                onClose={() => setSelection(null)}
              />
            </Panel>
          </>
        )}
      </Group>
    </>
  )
}

function CopyButton({ what, format, onClick }: { what: string; format: string; onClick(): void }) {
  const label = `Copy ${what} as ${format}`
  return (
    <button type="button" className="dock-tool" aria-label={label} title={label} onClick={onClick}>
      <Copy size={12} aria-hidden="true" />
      {format}
    </button>
  )
}

interface Shown {
  number: number
  record: unknown
  /** The grid has moved on and no longer holds it. */
  gone: boolean
}

/**
 * The selected record. On a fast edge the grid moves on within a blink, so what somebody picked to read is kept
 * until they pick another.
 */
function useKept(source: RecordSource, selection: Selection | null): Shown | null {
  const [kept, setKept] = useState<{ number: number; record: unknown } | null>(null)
  const number = selection?.focus
  const found = number === undefined ? undefined : source.at(number)
  const record = found?.record
  // Set while rendering, not in an effect: the copy must be there when the next reply no longer has the record.
  if (found && number !== undefined && (kept?.number !== number || kept.record !== record)) {
    setKept({ number, record })
  }
  if (number === undefined) return null
  if (found) return { number, record, gone: false }
  return kept?.number === number ? { ...kept, gone: true } : null
}

function noteFor(gone: boolean, detail: string | undefined): string | undefined {
  if (gone) return 'Kept for you: the newer records have pushed it out of the grid.'
  return detail
}
