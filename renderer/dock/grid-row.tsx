/** One row of the grid. Rendered again only when its record, its selection or the columns on the screen change. */
import type { VirtualItem } from '@tanstack/react-virtual'
import { memo } from 'react'
import { cellOf, countText, valueIn } from './cell-text.ts'
import type { Column } from './columns.ts'

interface GridRowProps {
  /** Number in the data, from 0. */
  number: number
  /** What stands before it. */
  name: number
  /** Place in the grid, from 0. */
  index: number
  /** px. */
  top: number
  found: { record: unknown } | undefined
  columns: readonly Column[]
  cells: readonly VirtualItem[]
  gutter: number
  selected: boolean
  /** -1 where the row is not the one with the cursor. */
  activeColumn: number
}

export const GridRow = memo(function GridRow(row: GridRowProps) {
  const { number, columns, found } = row
  return (
    <div
      role="row"
      aria-rowindex={row.index + 2}
      aria-selected={row.selected}
      aria-busy={!found}
      className="dock-row"
      data-row={number}
      style={{ transform: `translateY(${row.top}px)` }}
    >
      <div role="rowheader" aria-colindex={1} className="dock-gutter" style={{ width: row.gutter }}>
        {countText(row.name + 1)}
      </div>
      {row.cells.map(({ index, start, size }) => {
        const column = columns[index]
        if (!column) return null
        const cell = found ? cellOf(valueIn(found.record, column), column) : { text: '…', quiet: true }
        return (
          <div
            key={column.name}
            id={cellId(number, index)}
            role="gridcell"
            aria-colindex={index + 2}
            className={cellClass(column, cell.quiet, index === row.activeColumn)}
            style={{ insetInlineStart: start, width: size }}
            data-column={index}
          >
            {cell.text}
          </div>
        )
      })}
    </div>
  )
}, sameRow)

/** Id of a cell, for aria-activedescendant. */
export function cellId(number: number, column: number): string {
  return `dock-cell-${number}-${column}`
}

function cellClass(column: Column, quiet: boolean, active: boolean): string {
  return ['dock-cell', column.numeric && 'dock-right', quiet && 'dock-quiet', active && 'dock-active']
    .filter(Boolean)
    .join(' ')
}

/** `found` is made anew at each look-up; the record in it is not. */
function sameRow(a: GridRowProps, b: GridRowProps): boolean {
  return (
    a.number === b.number &&
    a.name === b.name &&
    a.index === b.index &&
    a.top === b.top &&
    a.columns === b.columns &&
    a.cells === b.cells &&
    a.gutter === b.gutter &&
    a.selected === b.selected &&
    a.activeColumn === b.activeColumn &&
    (a.found === undefined) === (b.found === undefined) &&
    a.found?.record === b.found?.record
  )
}
