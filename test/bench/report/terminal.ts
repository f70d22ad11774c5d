/** A case as it is told in the terminal. */
import type { CaseResult } from '../results.ts'
import { CASE_HEAD, caseRows, figureRows, troubles } from './case-rows.ts'
import { plainTable } from './table.ts'

export function caseText(result: CaseResult): string {
  const parts: string[] = []
  if (result.notMeasurable !== undefined) parts.push(`not measurable yet: ${result.notMeasurable}`)
  if (result.contenders.length > 0) parts.push(plainTable(CASE_HEAD, caseRows(result)))
  const figures = figureRows(result)
  if (figures.length > 0) parts.push(plainTable(['', 'median', 'min – max'], figures))
  parts.push(...troubles(result))
  for (const { say, verdict, found } of result.bars) parts.push(`${verdict}: ${say} (${found})`)
  return parts.join('\n')
}
