/** How much of a chain from an NDJSON file to an NDJSON file can be written without making records. */
import { formatOf } from '../formats/format-name.ts'
import { jsonSteps, type JsonStep } from './json-steps.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import type { KernelSizes } from './program.ts'

/** JSON-safe. */
export interface WriteProgram {
  kind: 'write'
  sizes?: KernelSizes
  format: 'ndjson'
  /** The file first, then filters and derives, and last the node that writes, which gets bytes. */
  nodes: string[]
  steps: readonly JsonStep[]
  /** A few words for the plan. */
  why: string
}

/** Steps are told apart by a byte, and a column is a bit. */
const MOST_NODES = 60
const MOST_FIELDS = 60

/**
 * The program of a chain that begins with a source and ends in the node that writes what the one before it sends;
 * undefined where some node on the way needs whole records.
 */
export function writeProgram(chain: readonly ChainNode[]): WriteProgram | undefined {
  const [file, ...behind] = chain
  const writer = behind.at(-1)
  const between = behind.slice(0, -1)
  if (file?.type !== 'file' || writer?.type !== 'write-file' || between.length > MOST_NODES) return undefined
  if (fileFormat(file) !== 'ndjson' || fileFormat(writer) !== 'ndjson') return undefined
  const steps: JsonStep[] = []
  for (const [at, node] of between.entries()) {
    const step = stepOf(node, at + 1)
    if (!step) return undefined
    steps.push(step)
  }
  const made = jsonSteps(steps)
  if (!made || made.fields.length > MOST_FIELDS) return undefined
  const nodes = chain.map(({ id }) => id)
  return { kind: 'write', format: 'ndjson', nodes, steps, why: whyOf(made.fields) }
}

function fileFormat({ config }: ChainNode): string | undefined {
  const [path, format] = [String(config['path']), config['format']]
  // With a pattern the files may be of several formats.
  if (format === 'auto' && /[*?[\]{}]/.test(path)) return undefined
  return format === 'auto' ? formatOf(path) : String(format)
}

/** @param step its place in the chain, the file being 0; rows that it removes are marked as the driver marks them */
function stepOf({ type, config, port }: ChainNode, step: number): JsonStep | undefined {
  if (type === 'filter' && port === 'kept') return { filter: String(config['condition']), mark: step + 1 }
  if (type !== 'derive') return undefined
  return { derive: config['fields'] as { field: string; value: string }[] }
}

function whyOf({ length }: readonly string[]): string {
  const read = length === 0 ? 'nothing' : length === 1 ? 'one field' : `${length} fields`
  return `lines are handed on as they were read, ${read} of each looked at`
}
