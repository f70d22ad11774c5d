/** Problems: expected trouble in a flow, as data. What is thrown is a `NodeError` (engine/spec). */

export type ProblemCode =
  | 'not-json'
  | 'too-large'
  | 'not-a-flow'
  | 'newer-version'
  | 'bad-shape'
  | 'unknown-key'
  | 'bad-node-id'
  | 'unknown-type'
  | 'newer-node'
  | 'bad-config'
  | 'bad-expression'
  | 'unknown-config-key'
  | 'missing-node'
  | 'wrong-port'
  | 'doubled-edge'
  | 'incompatible-ports'
  | 'cycle'
  | 'unreachable'
  | 'dead-end'
  | 'empty-flow'
  | 'secret-in-file'

/** Where a problem is. `field` is a dotted path into the node's config; line and column count from 1. */
export interface Place {
  node?: string
  field?: string
  /** "from->to", see `edgeId`. */
  edge?: string
  line?: number
  column?: number
}

export interface Problem {
  code: ProblemCode
  /** An error keeps the flow from running; a warning does not. */
  severity: 'error' | 'warning'
  at: Place
  /** What is wrong, one sentence. */
  message: string
  /** What to do about it, one sentence. */
  remedy: string
}

/** True where at least one problem keeps the flow from running. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error')
}

/** One line for terminals and logs: `error page.field: message. Remedy`. */
export function problemText(problem: Problem): string {
  const { node, field, edge, line, column } = problem.at
  const where = [
    node && (field ? `${node}.${field}` : node),
    edge && `edge ${edge}`,
    line !== undefined && `line ${line}${column === undefined ? '' : `:${column}`}`,
  ]
    .filter(Boolean)
    .join(', ')
  return `${problem.severity}${where ? ` ${where}` : ''}: ${problem.message} ${problem.remedy}`
}
