/** What the Problems tab lists: the flow's problems and the error that ended the run, in one shape. */
import type { Place, Problem, RunState } from '../../engine/host/protocol.ts'

export interface ProblemRow {
  key: string
  severity: 'error' | 'warning'
  /** "page.value, line 2:7"; empty where it concerns the whole flow. */
  where: string
  message: string
  remedy: string
  at: Place
  /** The record that failed, as one line of JSON. */
  record?: string
}

/** The longest preview of a failed record. */
const MAX_RECORD = 500

/** The run's error first, then errors, then warnings. */
export function problemRows(problems: readonly Problem[], run: RunState | null): ProblemRow[] {
  const rows = problems.map((problem, index) => ({
    key: `${index} ${problem.code}`,
    severity: problem.severity,
    where: whereText(problem.at),
    message: problem.message,
    remedy: problem.remedy,
    at: problem.at,
  }))
  const sorted = rows.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  const failed = run?.error && runRow(run.runId, run.error)
  return failed ? [failed, ...sorted] : sorted
}

/** "1 error, 2 warnings", for people who cannot see the icons. */
export function problemCount(rows: readonly ProblemRow[]): string {
  const errors = rows.filter((row) => row.severity === 'error').length
  const parts = [
    [errors, 'error'],
    [rows.length - errors, 'warning'],
  ] as const
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
  return said.join(', ') || 'no problems'
}

function runRow(runId: string, error: NonNullable<RunState['error']>): ProblemRow {
  const { recordNumber, ...at } = error.at
  const place = whereText(at)
  const record = recordNumber === undefined ? '' : `record ${recordNumber}`
  return {
    key: `run ${runId}`,
    severity: 'error',
    where: [place, record].filter(Boolean).join(', '),
    message: error.message,
    remedy: error.remedy,
    at,
    ...(error.record !== undefined && { record: cut(JSON.stringify(error.record)) }),
  }
}

function whereText({ node, field, edge, line, column }: Place): string {
  const parts = [
    node && (field ? `${node}.${field}` : node),
    edge?.replace('->', ' → '),
    line !== undefined && `line ${line}${column === undefined ? '' : `:${column}`}`,
  ]
  return parts.filter(Boolean).join(', ')
}

function cut(text: string): string {
  return text.length > MAX_RECORD ? `${text.slice(0, MAX_RECORD)}…` : text
}
