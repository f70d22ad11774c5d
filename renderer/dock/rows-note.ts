/** The note over a table's rows. */
import { countText } from './cell-text.ts'

interface Counts {
  /** Rows in the grid. */
  shown: number
  /** Of the rows that can be read, so many are the first ones; the rest are the newest. */
  head: number
  stored: number
  total: number
}

/** Never keeps back that rows are missing, or which. */
export function rowsNote({ shown, head, stored, total }: Counts): string {
  const all = countText(total)
  if (shown < stored)
    return `first ${countText(shown)} of ${countText(stored)} kept rows shown · ${all} arrived`
  if (stored >= total) return `${all} ${total === 1 ? 'row' : 'rows'}`
  const newest = stored > head ? ` and last ${countText(stored - head)}` : ''
  return `first ${countText(head)}${newest} of ${all} rows kept`
}
