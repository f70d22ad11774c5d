/** Problems and failures as lines for people. */
import type { RunError } from '../host/protocol.ts'
import type { Problem } from '../flow/problem.ts'
import { problemText } from '../flow/problem.ts'

/** A failing record is shown up to here; it may be a line of many megabytes. */
const MAX_RECORD = 500

/** One line each. */
export function problemLines(problems: readonly Problem[]): string {
  return problems.map((problem) => `${problemText(problem).replaceAll('\n', ' ')}\n`).join('')
}

/** "2 errors, 1 warning", or "no problems". */
export function problemCount(problems: readonly Problem[]): string {
  const parts = (['error', 'warning'] as const).flatMap((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return parts.join(', ') || 'no problems'
}

/** What happened, where, with which record, and what to do. */
export function failureText(error: RunError): string {
  const { node, field, recordNumber, line } = error.at
  const where = [
    node && (field ? `${node}.${field}` : node),
    recordNumber !== undefined && `record ${recordNumber}`,
    line !== undefined && `line ${line}`,
  ].filter(Boolean)
  const lines = [`error${where.length > 0 ? ` ${where.join(', ')}` : ''}: ${error.message}`]
  if (error.record !== undefined) {
    const text = JSON.stringify(error.record) ?? String(error.record)
    lines.push(`  record: ${text.length > MAX_RECORD ? `${text.slice(0, MAX_RECORD)}…` : text}`)
  }
  if (error.remedy) lines.push(`  ${error.remedy}`)
  return `${lines.join('\n')}\n`
}
