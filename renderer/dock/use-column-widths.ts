/** Widths of the grid's columns: from their content, until somebody sets one by hand. */
import { useMemo, useState } from 'react'
import { countText } from './cell-text.ts'
import type { Column } from './columns.ts'

const NARROWEST = 40
const WIDEST = 2000
/** Advance of one 11 px digit of the gutter. */
const DIGIT = 6.7

export interface ColumnWidths {
  /** px, in the order of the columns. */
  widths: readonly number[]
  /** px of the row numbers on the left. */
  gutter: number
  resize(name: string, width: number): void
  /** Back to the width of the content. */
  fit(name: string): void
}

export function useColumnWidths(columns: readonly Column[], lastNumber: number): ColumnWidths {
  const [byHand, setByHand] = useState<ReadonlyMap<string, number>>(() => new Map())
  const widths = useMemo(
    () => columns.map((column) => byHand.get(column.name) ?? column.width),
    [columns, byHand],
  )
  const gutter = Math.ceil(Math.max(3, countText(lastNumber).length) * DIGIT) + 24
  return {
    widths,
    gutter,
    resize: (name, width) =>
      setByHand(new Map(byHand).set(name, Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))))),
    fit: (name) => setByHand(new Map([...byHand].filter(([other]) => other !== name))),
  }
}
