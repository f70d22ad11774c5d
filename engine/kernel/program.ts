/**
 * How much of a chain of nodes the kernels can do: from a file to the group at its end, reading only the fields that
 * something on the way looks at. Pure and quick: it is asked while a flow is planned.
 */
import { formatOf, isTabSeparated } from '../formats/format-name.ts'
import { mayBePattern } from '../formats/glob.ts'
import type { AggregateName } from '../spec/aggregate.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import { FieldMap } from './field-map.ts'
import type { KernelFormat } from './formats.ts'
import { fieldReads } from './read-fields.ts'
import { AGG_AVG, AGG_COUNTS, AGG_MAX, AGG_MIN, AGG_SUM } from './layout.ts'

/** Does nothing to a row but remove it, or give its fields other names. */
export interface KernelStep {
  node: string
  kind: 'parse' | 'filter' | 'select'
  /** Filters: the condition, and the column of each field that it reads. */
  condition?: string
  columns?: Record<string, number>
}

export interface KernelAggregate {
  as: string
  /** AGG_COUNTS … */
  fn: number
  /** What it reads, and its column; absent for counts. */
  field?: string
  column?: number
}

export interface KernelTop {
  node: string
  by: string
  n: number
  order: 'asc' | 'desc'
}

/** Other sizes than `part-sizes.ts` gives; absent but in tests. */
export interface KernelSizes {
  blockBytes?: number
  rowLimit?: number
  /** Beyond it groups go to disk. */
  groupBytes?: number
}

/** JSON-safe. */
export interface KernelProgram {
  sizes?: KernelSizes
  format: KernelFormat
  /** CSV: numbers and so on are told from texts. */
  infer?: boolean
  /** The nodes that it covers, the file first, the group last. */
  nodes: string[]
  /** Fields of the source that something reads: the columns. One more column, behind the last, is always missing. */
  fields: string[]
  /** What lies between file and group. */
  steps: KernelStep[]
  /** The fields that records are grouped by, and the column of each. */
  by: { name: string; column: number }[]
  aggregates: KernelAggregate[]
  /** A node behind the group that keeps a few of its records: only these are made. */
  top?: KernelTop
  /** A few words for the plan: what is read of a line. */
  why: string
}

const FUNCTIONS: Partial<Record<AggregateName, number>> = {
  count: AGG_COUNTS,
  sum: AGG_SUM,
  avg: AGG_AVG,
  min: AGG_MIN,
  max: AGG_MAX,
}
/** What a key's bits have room for. */
const MOST_KEYS = 16
/** Steps are told apart by a byte. */
const MOST_NODES = 100
/** More columns than this are not scanned. */
const MOST_FIELDS = 64
const NUMBERS_OF_LOGS = new Set(['status', 'bytes'])

/**
 * The program of a chain that begins with a source, each node fed by the one before alone (a filter's by what it
 * keeps); undefined where its beginning, up to a group, is not all of it made for bytes.
 */
export function kernelProgram(chain: readonly ChainNode[]): KernelProgram | undefined {
  const [file, ...behind] = chain
  const groupAt = behind.findIndex(({ type }) => type === 'group')
  if (file?.type !== 'file' || groupAt < 0 || groupAt > MOST_NODES) return undefined
  const between = behind.slice(0, groupAt)
  const format = formatOfChain(file.config, between[0])
  if (!format) return undefined
  const fields = new FieldMap(format)
  const steps: KernelStep[] = []
  for (const [at, node] of between.entries()) {
    const step = stepOf(node, fields, at === 0 && (format === 'access-log' || format === 'json'))
    if (!step) return undefined
    steps.push(step)
  }
  const group = behind[groupAt]!
  const by = keysOf(group, fields)
  const infer = file.config['types'] === 'infer'
  const aggregates = aggregatesOf(group, fields, format)
  if (!by || !aggregates || fields.names.length > MOST_FIELDS) return undefined
  // Nothing but texts: each would go the way of the row tier.
  if (format === 'csv' && !infer && aggregates.some(({ fn }) => fn !== AGG_COUNTS)) return undefined
  const nodes = [file, ...between, group].map(({ id }) => id)
  const top = topOf(behind[groupAt + 1])
  return {
    ...(top && { top }),
    format,
    ...(format === 'csv' && { infer }),
    nodes,
    fields: fields.names,
    steps,
    by,
    aggregates,
    why: whyOf(fields.names, by.length > 0),
  }
}

/** The node whose records the stage makes. */
export function lastNode({ nodes, top }: KernelProgram): string {
  return top?.node ?? nodes.at(-1)!
}

/** The format of the lines, where the kernels know it. */
function formatOfChain(
  config: Record<string, unknown>,
  next: ChainNode | undefined,
): KernelFormat | undefined {
  const path = String(config['path'])
  const given = config['format']
  // With a pattern in its ending, the files may be of several formats.
  if (given === 'auto' && /[*?[\]{}!()]/.test(path.replace(/^.*\.(?=[^./]+$)/, ''))) return undefined
  const format = given === 'auto' ? formatOf(path) : given
  if (format === 'ndjson') return 'ndjson'
  // Of several files each may have a header of its own.
  if (format === 'csv') return mayBePattern(path) ? undefined : 'csv'
  if (format !== 'lines' || isTabSeparated(path) || next?.type !== 'parse') return undefined
  const { as, field, keep } = next.config
  if (field !== '' || keep === true) return undefined
  return as === 'access-log' || as === 'json' ? as : undefined
}

function stepOf(
  { id, type, config, port }: ChainNode,
  fields: FieldMap,
  isParser: boolean,
): KernelStep | undefined {
  if (isParser) return { node: id, kind: 'parse' }
  if (type === 'select') return fields.select(config) ? { node: id, kind: 'select' } : undefined
  if (type !== 'filter' || port !== 'kept') return undefined
  const condition = String(config['condition'])
  const reads = fieldReads(condition)
  if (!reads) return undefined
  const columns: Record<string, number> = {}
  for (const { name } of reads) {
    const column = fields.columnOf(name)
    if (column === undefined) return undefined
    columns[name] = column
  }
  return { node: id, kind: 'filter', condition, columns }
}

function keysOf({ config }: ChainNode, fields: FieldMap): KernelProgram['by'] | undefined {
  const names = config['by'] as string[]
  if (names.length > MOST_KEYS) return undefined
  const keys: KernelProgram['by'] = []
  for (const name of names) {
    const column = fields.columnOf(name)
    if (column === undefined) return undefined
    keys.push({ name, column })
  }
  return keys
}

function aggregatesOf(
  { config }: ChainNode,
  fields: FieldMap,
  format: KernelFormat,
): KernelAggregate[] | undefined {
  const wanted = config['aggregates'] as { as: string; fn: AggregateName; field?: string }[]
  const found: KernelAggregate[] = []
  for (const { as, fn, field } of wanted) {
    const number = FUNCTIONS[fn]
    if (number === undefined) return undefined
    if (fn === 'count') {
      found.push({ as, fn: number })
      continue
    }
    const column = field ? fields.columnOf(field) : undefined
    if (column === undefined) return undefined
    // A log's texts would all be compared by the row tier's code, which is slower than leaving them to it at once.
    if (format === 'access-log' && !NUMBERS_OF_LOGS.has(fields.names[column] ?? 'bytes')) return undefined
    found.push({ as, fn: number, field, column })
  }
  return found
}

/** Without a field to compare, `top` refuses records, which is left to it. */
function topOf(node: ChainNode | undefined): KernelTop | undefined {
  if (node?.type !== 'top' || node.config['by'] === '') return undefined
  const { by, n, order } = node.config as unknown as Omit<KernelTop, 'node'>
  return { node: node.id, by, n, order }
}

function whyOf(fields: readonly string[], grouped: boolean): string {
  const [only] = fields
  const read =
    only === undefined
      ? 'no field is read of a line'
      : fields.length === 1
        ? `only ${only} is read of each line`
        : fields.length <= 4
          ? `only ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)!} are read of each line`
          : `only ${fields.length} fields are read of each line`
  return grouped ? `${read}; keys are hashed as bytes` : read
}
