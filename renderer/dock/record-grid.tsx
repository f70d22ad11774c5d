/** A grid of records: virtual rows and columns, one Tab stop, arrows move, Shift extends. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { rangeOf, selectionAfterClick, selectionAfterKey } from './grid-selection.ts'
import type { Selection } from './grid-selection.ts'
import { GridHead } from './grid-head.tsx'
import { cellId, GridRow } from './grid-row.tsx'
import type { RecordSource } from './record-source.ts'
import { useColumnWidths } from './use-column-widths.ts'
import { useGridCopy } from './use-grid-copy.ts'

const ROW_HEIGHT = 26
const HEAD_HEIGHT = 28

interface RecordGridProps {
  source: RecordSource
  label: string
  selection: Selection | null
  onSelect(selection: Selection | null): void
  /** Ctrl+C in the grid. */
  onCopy(): void
}

export function RecordGrid({ source, label, selection, onSelect, onCopy }: RecordGridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { first, count, columns } = source
  const { widths, gutter, resize, fit } = useColumnWidths(columns, source.nameOf(first + count - 1) + 1)

  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by the compiler
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    useFlushSync: false,
  })
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by the compiler
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? 0,
    overscan: 3,
    scrollMargin: gutter,
    scrollPaddingStart: gutter,
    useFlushSync: false,
  })
  useLayoutEffect(() => across.measure(), [across, widths])

  const shown = rows.getVirtualItems()
  const cells = across.getVirtualItems()
  const [top, bottom] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  useEffect(() => source.look(first + top, first + bottom), [source, first, top, bottom])
  useGridCopy(scroller, onCopy)

  const range = rangeOf(selection, { first, rows: count })
  const width = gutter + across.getTotalSize()

  function onKeyDown(event: KeyboardEvent) {
    const command = event.ctrlKey || event.metaKey
    if (event.altKey) return
    if (event.key === 'Escape' && selection) {
      event.stopPropagation()
      onSelect(null)
      return
    }
    const page = Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT)
    const extent = { first, rows: count, columns: columns.length, page }
    const next = selectionAfterKey({ key: event.key, shift: event.shiftKey, command }, selection, extent)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    onSelect(next)
    if (next.focus !== selection?.focus && !(command && event.key.toLowerCase() === 'a')) {
      rows.scrollToIndex(next.focus - first, { align: 'auto' })
    }
    if (next.column !== selection?.column) across.scrollToIndex(next.column, { align: 'auto' })
  }

  function onMouseDown(event: MouseEvent) {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const row = event.target.closest('[data-row]')?.getAttribute('data-row')
    if (row === null || row === undefined) return
    const cell = event.target.closest('[data-column]')?.getAttribute('data-column')
    onSelect(
      selectionAfterClick(Number(row), Number(cell ?? selection?.column ?? 0), event.shiftKey, selection),
    )
  }

  const active = selection && range ? cellId(selection.focus, selection.column) : undefined
  return (
    <div
      ref={scroller}
      className="dock-grid"
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={active}
      tabIndex={0}
      data-testid="records-grid"
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
    >
      <GridHead columns={columns} cells={cells} gutter={gutter} width={width} onResize={resize} onFit={fit} />
      <div className="dock-grid-body" role="rowgroup" style={{ height: rows.getTotalSize(), width }}>
        {shown.map((item) => {
          const number = first + item.index
          return (
            <GridRow
              key={number}
              number={number}
              name={source.nameOf(number)}
              index={item.index}
              top={item.start - HEAD_HEIGHT}
              found={source.at(number)}
              columns={columns}
              cells={cells}
              gutter={gutter}
              selected={range !== undefined && number >= range[0] && number <= range[1]}
              activeColumn={selection?.focus === number ? selection.column : -1}
            />
          )
        })}
      </div>
    </div>
  )
}
