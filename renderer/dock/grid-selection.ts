/** Which rows of the grid are selected, and how keys and clicks change that. Rows are known by their number in the data. */

export interface Selection {
  /** Where the range began. */
  anchor: number
  /** The row whose JSON is shown; the range ends here. */
  focus: number
  /** Index of the active column. */
  column: number
}

/** What the grid holds at the moment. */
export interface Extent {
  /** Number of the first row. */
  first: number
  rows: number
  columns: number
  /** Rows that fit on the screen. */
  page: number
}

/** The selection after a key, or undefined for a key that means nothing here. */
export function selectionAfterKey(
  key: { key: string; shift: boolean; command: boolean },
  selection: Selection | null,
  extent: Extent,
): Selection | undefined {
  if (extent.rows === 0) return undefined
  const last = extent.first + extent.rows - 1
  if (key.command && key.key.toLowerCase() === 'a') {
    return { anchor: extent.first, focus: last, column: selection?.column ?? 0 }
  }
  const columns = { ArrowLeft: -1, ArrowRight: 1 }[key.key]
  if (columns !== undefined) {
    const from = selection ?? { anchor: extent.first, focus: extent.first, column: 0 }
    return { ...from, column: clamp(from.column + columns, 0, extent.columns - 1) }
  }
  const target = rowAfterKey(key, selection, extent, last)
  if (target === undefined) return undefined
  const focus = clamp(target, extent.first, last)
  return { anchor: key.shift && selection ? selection.anchor : focus, focus, column: selection?.column ?? 0 }
}

/** The selection after a click on a row; with Shift the range from the anchor to it. */
export function selectionAfterClick(
  row: number,
  column: number,
  shift: boolean,
  old: Selection | null,
): Selection {
  return { anchor: shift && old ? old.anchor : row, focus: row, column }
}

/** First and last number of the range, cut to what the grid holds; undefined where nothing of it is left. */
export function rangeOf(
  selection: Selection | null,
  extent: Pick<Extent, 'first' | 'rows'>,
): [number, number] | undefined {
  if (!selection) return undefined
  const from = Math.max(extent.first, Math.min(selection.anchor, selection.focus))
  const to = Math.min(extent.first + extent.rows - 1, Math.max(selection.anchor, selection.focus))
  return from <= to ? [from, to] : undefined
}

function rowAfterKey(
  key: { key: string; command: boolean },
  selection: Selection | null,
  extent: Extent,
  last: number,
): number | undefined {
  const page = Math.max(1, extent.page - 1)
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
  const step = steps[key.key]
  if (step !== undefined) {
    if (!selection) return step > 0 ? extent.first : last
    return selection.focus + (key.command ? Math.sign(step) * extent.rows : step)
  }
  if (key.key === 'Home') return extent.first
  if (key.key === 'End') return last
  return undefined
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
