/** The Log tab: what the run said and what `print` nodes printed. Follows the end unless somebody scrolled up. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { LOG_LIMIT, runStore } from '../stores/run.ts'
import { countText } from './cell-text.ts'
import { Empty } from './empty.tsx'
import { logRows } from './log-rows.ts'
import type { LogRow } from './log-rows.ts'
import { Tools } from './tools.tsx'

const LINE_HEIGHT = 20
/** px from the end within which the end is followed. */
const NEAR_END = 24

export function LogPanel({ tools }: { tools: HTMLElement | null }) {
  const log = useStore(runStore, (state) => state.log)
  const rows = useMemo(() => logRows(log), [log])
  const unread = useStore(runStore, (state) => state.unread)
  useEffect(() => {
    if (unread.length > 0) runStore.getState().readLog()
  }, [unread])
  if (rows.length === 0) {
    return <Empty title="The log is empty">Messages of a run and the text of print nodes appear here.</Empty>
  }
  const full = log.length >= LOG_LIMIT
  return (
    <>
      <Tools host={tools}>
        <span className="dock-note">{full ? `last ${countText(LOG_LIMIT)} entries` : ''}</span>
        <button type="button" className="dock-tool" onClick={() => runStore.getState().clearLog()}>
          Clear
        </button>
      </Tools>
      <LogLines rows={rows} />
    </>
  )
}

function LogLines({ rows }: { rows: readonly LogRow[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by the compiler
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    useFlushSync: false,
  })
  useLayoutEffect(() => {
    if (follows.current) lines.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [lines, rows])

  function onScroll() {
    const element = scroller.current
    if (!element) return
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
  }
  return (
    <div ref={scroller} className="dock-log" role="log" aria-label="Log" tabIndex={0} onScroll={onScroll}>
      <div style={{ height: lines.getTotalSize(), position: 'relative' }}>
        {lines.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return (
            row && (
              <div
                key={item.key}
                ref={lines.measureElement}
                data-index={item.index}
                className={`dock-log-line dock-log-${row.level}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span className="dock-log-time">{row.time}</span>
                <span className="dock-log-node">{row.node}</span>
                <span className="dock-log-text">
                  {row.level === 'error' || row.level === 'warning' ? <b>{row.level}: </b> : null}
                  {row.text}
                </span>
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}
