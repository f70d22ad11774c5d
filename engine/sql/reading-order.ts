/**
 * In which order a statement reads its sources, by DuckDB's own plan (EXPLAIN). DuckDB tells of a statement that runs
 * only how many rows it went through, of all it reads, as many as it thinks that there are: with the order and these
 * guesses that says how far each source is.
 */
import type { SqlSource } from './program-parts.ts'

/** What DuckDB goes through: a file, a table, or what a sort or a group gives on. */
export interface Reading {
  /** The node that reads it; absent where it is none, or where that is not certain. */
  source?: string
  /** As many as DuckDB thinks that it gives. */
  rows: number
}

interface Step {
  name: string
  children: Step[]
  extra_info: Record<string, unknown>
}

/** These go through what they hold once all of it is there. */
const HOLDING = /GROUP_BY|AGGREGATE|ORDER_BY|TOP_N|^WINDOW/
/** Columns that every file has. */
const OWN = ['file_row_number', 'file_index']

/**
 * @param plan what EXPLAIN (FORMAT json) gives
 * @param sources those that the statement reads
 * @throws Error where it is something else
 */
export function readingOrder(plan: string, sources: readonly SqlSource[]): Reading[] {
  const order: (Reading & { could: readonly string[] })[] = []
  const visit = (step: Step) => {
    // The right side of a join is read first, and kept.
    const { name, children } = step
    for (const child of name.includes('JOIN') ? children.toReversed() : children) visit(child)
    if (children.length > 0 && !HOLDING.test(name)) return
    order.push({ rows: guessed(step), could: name.includes('PARQUET') ? candidates(step, sources) : [] })
  }
  for (const step of JSON.parse(plan) as Step[]) visit(step)
  const scans = order.filter(({ could }) => could.length > 0)
  // What is certain of one scan tells of the others, where there is one for each source.
  const isEach = scans.length === sources.length
  const found = new Set<string>()
  for (const _ of sources) {
    for (const reading of scans) {
      const [only, ...others] = isEach ? reading.could.filter((node) => !found.has(node)) : reading.could
      if (reading.source !== undefined || only === undefined || others.length > 0) continue
      // A second time only what the first one found is read again.
      if (!found.has(only)) reading.source = only
      found.add(only)
    }
  }
  return order.map(({ rows, source }) => (source === undefined ? { rows } : { rows, source }))
}

/**
 * How much of each source was read, 0 to 1; of none that is not certain.
 * @param processed rows that DuckDB went through, in all
 */
export function partsRead(order: readonly Reading[], processed: number): Map<string, number> {
  const parts = new Map<string, number>()
  let before = 0
  for (const { source, rows } of order) {
    const part = (processed - before) / Math.max(1, rows)
    if (source !== undefined) parts.set(source, Math.min(1, Math.max(0, part)))
    before += rows
  }
  return parts
}

function guessed({ extra_info: info }: Step): number {
  const rows = Number(info['Estimated Cardinality'] ?? 0)
  return Number.isFinite(rows) ? rows : 0
}

/** The plan does not name files: which one it is the columns tell, and how many rows there are. */
function candidates(step: Step, sources: readonly SqlSource[]): string[] {
  if (sources.length === 1) return sources.map(({ node }) => node)
  const read = [step.extra_info['Projections'] ?? []].flat().map(String)
  const isWhole = step.extra_info['Filters'] === undefined
  const rows = guessed(step)
  const could = sources.filter(({ facts }) => {
    const names = new Set([...OWN, ...facts.columns.map(({ name }) => name)])
    return (isWhole ? rows === facts.rows : rows <= facts.rows) && read.every((name) => names.has(name))
  })
  return could.map(({ node }) => node)
}
