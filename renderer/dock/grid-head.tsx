/** The grid's heading: field, type, and a grip to set the column's width. */
import type { VirtualItem } from '@tanstack/react-virtual'
import type { KeyboardEvent, PointerEvent } from 'react'
import type { Column } from './columns.ts'

interface GridHeadProps {
  columns: readonly Column[]
  cells: readonly VirtualItem[]
  gutter: number
  width: number
  onResize(name: string, width: number): void
  /** Back to the width of the content. */
  onFit(name: string): void
}

/** px per key press. */
const STEP = 16

export function GridHead({ columns, cells, gutter, width, onResize, onFit }: GridHeadProps) {
  return (
    <div className="dock-grid-head" role="rowgroup" style={{ width }}>
      <div role="row" aria-rowindex={1} className="dock-grid-headrow">
        <div role="columnheader" aria-colindex={1} className="dock-gutter" style={{ width: gutter }}>
          <span className="dock-hidden">number</span>
        </div>
        {cells.map((cell) => {
          const column = columns[cell.index]
          if (!column) return null
          return (
            <div
              key={column.name}
              role="columnheader"
              aria-colindex={cell.index + 2}
              className={column.numeric ? 'dock-head dock-right' : 'dock-head'}
              style={{ insetInlineStart: cell.start, width: cell.size }}
              data-field={column.name}
              title={`${column.name}: ${column.type}`}
            >
              <span className="dock-head-name">{column.name}</span>
              <span className="dock-head-type">{column.type}</span>
              <Grip name={column.name} width={cell.size} onResize={onResize} onFit={onFit} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface GripProps {
  name: string
  width: number
  onResize(name: string, width: number): void
  onFit(name: string): void
}

function Grip({ name, width, onResize, onFit }: GripProps) {
  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0) return
    event.preventDefault()
    event.stopPropagation()
    const grip = event.currentTarget
    const start = event.clientX
    grip.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => onResize(name, width + moved.clientX - start)
    const end = () => {
      grip.removeEventListener('pointermove', move)
      grip.removeEventListener('pointerup', end)
      grip.removeEventListener('pointercancel', end)
    }
    grip.addEventListener('pointermove', move)
    grip.addEventListener('pointerup', end)
    grip.addEventListener('pointercancel', end)
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    event.stopPropagation()
    if (step === undefined) onFit(name)
    else onResize(name, width + step)
  }
  return (
    <div
      className="dock-grip"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuenow={width}
      tabIndex={-1}
      onPointerDown={onPointerDown}
      onDoubleClick={() => onFit(name)}
      onKeyDown={onKeyDown}
    />
  )
}
