/**
 * How far a chain of nodes from a Parquet file can be said in SQL, and the statements for it. The planner asks with the
 * flow at hand; the run asks again for the statements, so that nothing but JSON travels. Reads the footer of the file,
 * nothing else, and waits for nothing.
 */
import { basename } from 'node:path'
import { columnsOut, unorderedOut } from './columns-out.ts'
import { fileFormatOf } from '../formats/format-name.ts'
import { sourceFiles } from '../formats/glob.ts'
import { parquetFacts, type ParquetFacts } from './parquet-facts.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import type { CountQuery, Look, SqlProgram, TempTable, Writing } from './program-parts.ts'
import { LOOK_RECORDS } from './sql-limits.ts'
import { Names, type Relation, type Step } from './relation.ts'
import { dedupeRelation } from './relations/dedupe.ts'
import { deriveRelation } from './relations/derive.ts'
import { fileRelation } from './relations/file.ts'
import { filterRelation } from './relations/filter.ts'
import { groupRelation } from './relations/group.ts'
import { selectRelation } from './relations/select.ts'
import { sortRelation, topRelation } from './relations/sort.ts'
import { Tally } from './tally.ts'
import { Refusal, refuse } from './typed.ts'
import { writesParquet, writingOf } from './writing.ts'

/** Node types that have a relation. */
const TYPES = new Set(['filter', 'derive', 'select', 'sort', 'top', 'group', 'dedupe'])

/** Whether a `file` node reads Parquet. */
export function readsParquet({ format, path }: Record<string, unknown>): boolean {
  return format === 'parquet' || (format === 'auto' && fileFormatOf(String(path)) === 'parquet')
}

/**
 * The longest beginning of a chain that ends in a `group`, `sort`, `top` or `dedupe`, or writes Parquet, and means the same in SQL.
 * @param chain begins with the source
 * @returns one sentence that says why not, where there is none
 */
export function sqlProgram(
  chain: readonly ChainNode[],
  facts: { resolve(path: string): string },
): SqlProgram | string {
  const [source, ...rest] = chain
  if (source?.type !== 'file' || !readsParquet(source.config)) return 'SQL reads Parquet files only'
  const path = String(source.config['path'])
  const file = factsOf(path, facts)
  if (typeof file === 'string') return file
  const names = new Names()
  let longest: Omit<SqlProgram, 'why'> | undefined
  let obstacle: string | undefined
  try {
    const builder = new Builder(fileRelation(file, names), names)
    const looks = [builder.look()]
    for (const [at, node] of rest.entries()) {
      if (!TYPES.has(node.type) && !writesParquet(node)) break
      try {
        const mayLeave = builder.add(node)
        looks.push(builder.look())
        if (!mayLeave) continue
      } catch (error) {
        obstacle = `“${node.id}” is not: ${reasonOf(error)}`
        break
      }
      try {
        const { writing } = builder
        const result = writing ? { sql: writing.sql, columns: [] } : columnsOut(builder.relation)
        const { tables, counts, count } = builder.statements()
        longest = {
          nodes: chain.slice(0, at + 2),
          source: file,
          tables,
          counts,
          result: { ...result, ...(count && { count }) },
          looks: looks.slice(0, -1),
          ...(writing && { writing }),
        }
      } catch (error) {
        // A field that cannot leave may be dropped by a later node.
        obstacle = `behind “${node.id}” records are not: ${reasonOf(error)}`
      }
    }
  } catch (error) {
    return reasonOf(error)
  }
  if (!longest) return obstacle ?? 'no group, sort, top, dedupe or Parquet file to write behind it'
  const first = `DuckDB reads ${basename(path)} and does ${listOf(longest.nodes.slice(1))} in SQL`
  return { ...longest, why: obstacle === undefined ? first : `${first}; ${obstacle}` }
}

function factsOf(path: string, io: { resolve(path: string): string }): ParquetFacts | string {
  try {
    return parquetFacts(sourceFiles(path, io).map((file) => file.path))
  } catch {
    return 'nothing matches the path'
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  throw error
}

function listOf(nodes: readonly ChainNode[]): string {
  return nodes.map(({ id }) => `“${id}”`).join(', ')
}

/** Grows the statements node by node. */
class Builder {
  relation: Relation
  readonly #names: Names
  readonly #tables: TempTable[] = []
  readonly #counts: CountQuery[] = []
  #tally: Tally
  /** Set once the records are written. */
  writing: Writing | undefined
  #folded = false
  /** Sorted or written, and nothing left out since: as many records come out as the last filter let through. */
  #sorted = false

  constructor(relation: Relation, names: Names) {
    this.relation = relation
    this.#names = names
    this.#tally = new Tally(relation.sql, names)
  }

  /** True where the records may leave SQL behind this node. @throws Refusal */
  add(node: ChainNode): boolean {
    const { id, config, port, type } = node
    const step: Step = { node: id, config, input: this.relation, names: this.#names }
    this.#sorted = type === 'sort' || type === 'write-file'
    switch (type) {
      case 'filter': {
        const { relation, where } = filterRelation(step, port)
        this.relation = relation
        this.#tally.filter(id, where)
        return false
      }
      case 'derive':
        this.relation = deriveRelation(step)
        this.#tally.extend(step.input.sql, this.relation.sql)
        return false
      case 'select':
        this.relation = selectRelation(step)
        return false
      case 'write-file':
        this.writing = writingOf(node, this.relation, this.#folded)
        return true
      case 'sort':
        this.#folded = true
        this.relation = sortRelation(step)
        return true
      case 'top':
        this.#folded = true
        this.relation = topRelation(step)
        this.#next(this.#tally.query(true))
        return true
      case 'group':
        this.#folded = true
        this.#group(step)
        return true
      case 'dedupe':
        this.#folded = true
        this.#dedupe(step, port)
        return true
      default:
        return refuse(`“${type}” has no words in SQL`)
    }
  }

  /** The first records behind the node that came last. */
  look(): Look | undefined {
    const from = this.#tables.length > 0 ? 'tables' : this.#folded ? 'fold' : 'file'
    try {
      if (from === 'file') return { ...unorderedOut(this.relation), from }
      const { sql, columns } = columnsOut(this.relation)
      return { sql: `${sql} LIMIT ${LOOK_RECORDS}`, columns, from }
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
  }

  statements(): Pick<SqlProgram, 'tables' | 'counts'> & { count?: CountQuery } {
    const open = this.#tally.query(!this.#sorted)
    const counts = open ? [...this.#counts, open] : [...this.#counts]
    const count = this.#sorted ? this.#tally.query(true) : undefined
    return { tables: [...this.#tables], counts, ...(count && { count }) }
  }

  /** What comes now is counted anew. */
  #next(open: CountQuery | undefined): void {
    if (open) this.#counts.push(open)
    this.#tally = new Tally(this.relation.sql, this.#names)
  }

  /** A table too: it is read for its records and counted. */
  #dedupe(step: Step, port: string): void {
    const relation = dedupeRelation(step, port)
    const name = this.#names.next('weir_t')
    this.#tables.push({ node: step.node, name, sql: relation.sql })
    this.#counts.push({ nodes: [step.node], sql: `SELECT count(*) FROM ${name}` })
    this.relation = { ...relation, sql: `SELECT * FROM ${name}` }
    this.#next(this.#tally.query(true))
  }

  /** A group becomes a table, because it is read for its records and for how many it has seen. */
  #group(step: Step): void {
    const { relation, count, limit } = groupRelation(step)
    const name = this.#names.next('weir_t')
    this.#tables.push({ node: step.node, name, sql: relation.sql, ...(limit && { limit }) })
    const { last } = this.#tally
    const seen = last === undefined ? '' : `, coalesce(sum(${count}), 0)`
    this.#counts.push({
      nodes: last === undefined ? [step.node] : [step.node, last],
      sql: `SELECT count(*)${seen} FROM ${name}`,
    })
    this.relation = { ...relation, sql: `SELECT * FROM ${name}` }
    this.#next(this.#tally.query(false))
  }
}
