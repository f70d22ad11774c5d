/** One record as coloured JSON: objects fold, and a button copies all of it. */
import { ChevronDown, ChevronRight, Copy, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { countText } from './cell-text.ts'
import { copyToClipboard } from './copy.ts'
import { jsonLines } from './json-lines.ts'
import type { JsonLine } from './json-lines.ts'
import { rowsAsJson } from './rows-text.ts'

interface JsonViewProps {
  value: unknown
  /** What stands over it, e.g. "record 12". */
  title: string
  /** A sentence about this record that must not be missed. */
  note?: string
  onClose(): void
}

export function JsonView({ value, title, note, onClose }: JsonViewProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set())
  const { lines, rest } = useMemo(() => jsonLines(value, folded), [value, folded])

  const toggle = (path: string) => {
    const next = new Set(folded)
    if (!next.delete(path)) next.add(path)
    setFolded(next)
  }
  return (
    <section className="dock-json" aria-label={`${title} as JSON`} data-testid="record-json">
      <header className="dock-json-head">
        <span className="dock-json-title">{title}</span>
        <button
          type="button"
          className="dock-icon"
          aria-label="Copy this record as JSON"
          title="Copy this record as JSON"
          onClick={() => void copyToClipboard(rowsAsJson([value]), 'Record copied as JSON.')}
        >
          <Copy size={14} />
        </button>
        <button
          type="button"
          className="dock-icon"
          aria-label="Close the record"
          title="Close"
          onClick={onClose}
        >
          <X size={14} />
        </button>
      </header>
      {note !== undefined && <p className="dock-json-detail">{note}</p>}
      <div className="dock-json-lines" tabIndex={0} role="group" aria-label="JSON">
        {lines.map((line, index) => (
          // Lines have no identity beyond their place.
          <Line key={index} line={line} onToggle={toggle} />
        ))}
        {rest > 0 && (
          <div className="dock-json-rest">… {countText(rest)} more lines: copy the record to see them.</div>
        )}
      </div>
    </section>
  )
}

function Line({ line, onToggle }: { line: JsonLine; onToggle(path: string): void }) {
  const { path, folded = false, tokens } = line
  const Icon = folded ? ChevronRight : ChevronDown
  return (
    <div className="dock-json-line" style={{ paddingInlineStart: `${2 + line.depth * 2}ch` }}>
      {path !== undefined && (
        <button
          type="button"
          className="dock-json-fold"
          style={{ insetInlineStart: `calc(${line.depth * 2}ch - 2px)` }}
          aria-expanded={!folded}
          aria-label={folded ? 'Unfold' : 'Fold'}
          onClick={() => onToggle(path)}
        >
          <Icon size={12} />
        </button>
      )}
      {tokens.map((token, index) => (
        <span key={index} className={`dock-json-${token.kind}`}>
          {token.text}
        </span>
      ))}
    </div>
  )
}
