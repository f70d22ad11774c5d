/** The note over a table's rows. */
import { countText } from './cell-text.ts'

/** Never keeps back that rows are missing, or why. */
export function rowsNote(shown: number, stored: number, total: number): string {
  const all = countText(total)
  if (shown < stored)
    return `first ${countText(shown)} of ${countText(stored)} kept rows shown · ${all} arrived`
  if (stored < total) return `first ${countText(stored)} of ${all} rows kept`
  return `${all} ${total === 1 ? 'row' : 'rows'}`
}
