/**
 * How far a chain of nodes from a Parquet file, or from a join of such chains, can be said in SQL, and the statements
 * for it. The planner asks with the flow at hand; the run asks again for the statements, so that nothing but JSON
 * travels. Reads the footers of the files, nothing else, and waits for nothing.
 */
import { basename } from 'node:path'
import { fileFormatOf } from '../formats/format-name.ts'
import { sourceFiles } from '../formats/glob.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import { Builder } from './builder.ts'
import { parquetFacts, type ParquetFacts } from './parquet-facts.ts'
import type { SqlProgram, SqlTree } from './program-parts.ts'
import { Names } from './relation.ts'
import { Refusal, refuse } from './typed.ts'
import { writesParquet } from './writing.ts'

/** Node types that have a relation. */
const TYPES = new Set(['filter', 'derive', 'select', 'sort', 'top', 'group', 'dedupe'])

/** What gives its first records early in the row tier; in SQL they come when all are there. */
const STREAMING = new Set(['join', 'dedupe'])
const FOLDS = new Set(['group', 'sort', 'top'])

/** A `take` that records come to one by one. */
function earlyEnd(behind: readonly ChainNode[]): ChainNode | undefined {
  const [first] = behind.filter(({ type }) => type === 'take' || FOLDS.has(type))
  return first?.type === 'take' ? first : undefined
}

interface Facts {
  resolve(path: string): string
}

/** Whether a `file` node reads Parquet. */
export function readsParquet({ format, path }: Record<string, unknown>): boolean {
  return format === 'parquet' || (format === 'auto' && fileFormatOf(String(path)) === 'parquet')
}

/**
 * The longest beginning of a tree's last chain that ends in a `join`, `group`, `sort`, `top` or `dedupe`, or writes
 * Parquet, and means the same in SQL, with all that is before that chain.
 * @returns one sentence that says why not, where there is none
 */
export function sqlProgram(tree: SqlTree, facts: Facts): SqlProgram | string {
  const names = new Names()
  const { chain } = tree
  let longest: Omit<SqlProgram, 'why'> | undefined
  let obstacle: string | undefined
  const tryToLeave = (builder: Builder, node: ChainNode) => {
    const early = STREAMING.has(node.type) && earlyEnd(chain.slice(chain.indexOf(node) + 1))
    if (early) {
      obstacle = `“${early.id}” may have enough before “${node.id}” has seen all records`
      return
    }
    try {
      longest = builder.program()
    } catch (error) {
      // A field that cannot leave may be dropped by a later node.
      obstacle = `behind “${node.id}” records are not: ${reasonOf(error)}`
    }
  }
  let builder: Builder
  try {
    builder = headOf(tree, facts, names)
  } catch (error) {
    return reasonOf(error)
  }
  if (tree.sides) tryToLeave(builder, chain[0]!)
  for (const node of chain.slice(1)) {
    if (!TYPES.has(node.type) && !writesParquet(node)) break
    try {
      if (!builder.add(node)) continue
    } catch (error) {
      obstacle = `“${node.id}” is not: ${reasonOf(error)}`
      break
    }
    tryToLeave(builder, node)
  }
  if (!longest) return obstacle ?? 'no group, sort, top, dedupe or Parquet file to write behind it'
  const first = whatItDoes(longest)
  return { ...longest, why: obstacle === undefined ? first : `${first}; ${obstacle}` }
}

/** The source, or the join with all before it. @throws Refusal */
function headOf({ chain: [head], sides }: SqlTree, facts: Facts, names: Names): Builder {
  if (!head) return refuse('there are no nodes')
  if (!sides) return Builder.ofFile(head, factsOf(head, facts), names)
  const left = whole(sides.left, facts, names)
  const right = whole(sides.right, facts, names)
  try {
    return Builder.ofJoin(head, { left, right }, names)
  } catch (error) {
    return refuse(`“${head.id}” is not: ${reasonOf(error)}`)
  }
}

/** A side of a join, to its end. @throws Refusal */
function whole(tree: SqlTree, facts: Facts, names: Names): Builder {
  const builder = headOf(tree, facts, names)
  for (const node of tree.chain.slice(1)) {
    if (!TYPES.has(node.type)) refuse(`“${node.id}” is not: “${node.type}” has no words in SQL`)
    try {
      builder.add(node)
    } catch (error) {
      refuse(`“${node.id}” is not: ${reasonOf(error)}`)
    }
  }
  return builder
}

/** @throws Refusal */
function factsOf({ type, config }: ChainNode, io: Facts): ParquetFacts {
  if (type !== 'file' || !readsParquet(config)) return refuse('SQL reads Parquet files only')
  let facts: ParquetFacts | string
  try {
    facts = parquetFacts(sourceFiles(String(config['path']), io).map(({ path }) => path))
  } catch {
    return refuse('nothing matches the path')
  }
  return typeof facts === 'string' ? refuse(facts) : facts
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  throw error
}

function whatItDoes({ nodes, sources }: Pick<SqlProgram, 'nodes' | 'sources'>): string {
  const read = nodes.filter(({ id }) => sources.some(({ node }) => node === id))
  const rest = nodes.filter((node) => !read.includes(node)).map(({ id }) => `“${id}”`)
  const paths = read.map(({ config }) => basename(String(config['path'])))
  return `DuckDB reads ${paths.join(' and ')} and does ${rest.join(', ')} in SQL`
}
