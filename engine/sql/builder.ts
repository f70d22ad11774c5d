/** Grows the statements for a tree of nodes, one node after the other. */
import { columnsOut, sealedOut, unorderedOut } from './columns-out.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import type { ParquetFacts } from './parquet-facts.ts'
import type {
  CountQuery,
  Look,
  SqlNode,
  SqlProgram,
  SqlSource,
  Survey,
  TempTable,
  Writing,
} from './program-parts.ts'
import type { Names, Relation, Step } from './relation.ts'
import { dedupeRelation } from './relations/dedupe.ts'
import { deriveRelation } from './relations/derive.ts'
import { fileRelation } from './relations/file.ts'
import { filterRelation } from './relations/filter.ts'
import { groupRelation } from './relations/group.ts'
import { joinRelation } from './relations/join.ts'
import { selectRelation } from './relations/select.ts'
import { sortRelation, topRelation } from './relations/sort.ts'
import { LOOK_RECORDS } from './sql-limits.ts'
import { Tally } from './tally.ts'
import { Refusal, refuse } from './typed.ts'
import { writingOf } from './writing.ts'

/** Where the records of a relation are read from; `mixed`: from files and tables. */
type Origin = Look['from'] | 'mixed'

export class Builder {
  relation: Relation
  /** Those that the statements do, each behind those that feed it. */
  readonly nodes: SqlNode[]
  readonly sources: SqlSource[]
  readonly #names: Names
  readonly #tables: TempTable[]
  readonly #counts: CountQuery[]
  readonly #looks: (Look | undefined)[]
  #tally: Tally
  readonly #surveys: readonly Survey[]
  /** Of the records that are counted now. */
  #survey: Survey | undefined
  /** Absent behind a fold. */
  #surveyed: Pick<Survey, 'sources' | 'by'> | undefined
  /** Set once the records are written. */
  writing: Writing | undefined
  #origin: Origin
  #folded: boolean
  /** Sorted or written, and nothing left out since: as many records come out as the last filter let through. */
  #sorted = false

  private constructor(
    relation: Relation,
    names: Names,
    given: {
      head: SqlNode
      sides: readonly Builder[]
      sources?: Builder['sources']
      surveyed: Pick<Survey, 'sources' | 'by'> | undefined
    },
  ) {
    const { head, sides } = given
    this.relation = relation
    this.#names = names
    this.nodes = [...sides.flatMap(({ nodes }) => nodes), head]
    this.sources = given.sources ?? sides.flatMap(({ sources }) => sources)
    this.#tables = sides.flatMap((side) => side.#tables)
    this.#counts = sides.flatMap((side) => side.#allCounts())
    this.#looks = sides.flatMap((side) => side.#looks)
    this.#folded = sides.length > 0
    this.#tally = new Tally(relation.sql, names, this.#folded ? head.id : undefined)
    this.#origin = this.#folded ? 'fold' : 'file'
    if (sides.some((side) => side.#origin === 'tables' || side.#origin === 'mixed')) this.#origin = 'mixed'
    this.#looks.push(this.#look())
    this.#surveys = sides.flatMap((side) => side.#allSurveys())
    this.#surveyed = given.surveyed
    this.#surveyNow()
  }

  /** @throws Refusal */
  static ofFile(node: ChainNode, facts: ParquetFacts, names: Names): Builder {
    const { relation, scan } = fileRelation(facts, names)
    return new Builder(relation, names, {
      head: { ...node, from: [] },
      sides: [],
      sources: [{ node: node.id, facts, scan }],
      surveyed: { sources: [node.id], by: [node.id] },
    })
  }

  /** @throws Refusal */
  static ofJoin(node: ChainNode, sides: { left: Builder; right: Builder }, names: Names): Builder {
    const { left, right } = sides
    if (node.port !== 'out') refuse('what is wired to its other outputs')
    const given = { config: node.config, left: left.relation, right: right.relation, names }
    return new Builder(joinRelation(given), names, {
      head: { ...node, from: [left.nodes.at(-1)!.id, right.nodes.at(-1)!.id] },
      sides: [left, right],
      surveyed: surveyedPairs(String(node.config['kind']), left.#surveyed?.sources, right.#surveyed?.sources),
    })
  }

  /** True where the records may leave SQL behind this node. @throws Refusal */
  add(node: ChainNode): boolean {
    const mayLeave = this.#grow(node)
    this.nodes.push({ ...node, from: [this.nodes.at(-1)!.id] })
    this.#looks.push(this.#look())
    return mayLeave
  }

  #grow({ id, config, port, type, ...rest }: ChainNode): boolean {
    const step: Step = { node: id, config, input: this.relation, names: this.#names }
    this.#sorted = type === 'sort' || type === 'write-file'
    switch (type) {
      case 'filter': {
        const { relation, where } = filterRelation(step, port)
        this.relation = relation
        this.#tally.filter(id, where)
        this.#surveyNow()
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
        this.writing = writingOf({ id, config, port, type, ...rest }, this.relation, this.#folded)
        return true
      case 'sort':
        this.#fold(sortRelation(step))
        return true
      case 'top':
        this.#fold(topRelation(step))
        this.#next(this.#tally.query(true))
        return true
      case 'group':
        this.#group(step)
        return true
      case 'dedupe':
        this.#dedupe(step, port)
        return true
      default:
        return refuse(`“${type}” has no words in SQL`)
    }
  }

  /** The statements so far. @throws Refusal where there is no way for the records out of SQL */
  program(): Omit<SqlProgram, 'why'> {
    const { writing } = this
    const result = writing ? { sql: writing.sql, columns: [] } : sealedOut(this.relation)
    // A join that comes last is counted by the records that come out, as a filter before a sort is.
    const streams = this.#sorted || this.nodes.at(-1)!.type === 'join'
    const open = this.#tally.query(!streams)
    const count = streams ? this.#tally.query(true) : undefined
    return {
      nodes: [...this.nodes],
      sources: [...this.sources],
      tables: [...this.#tables],
      counts: open ? [...this.#counts, open] : [...this.#counts],
      surveys: this.#allSurveys(),
      result: { ...result, ...(count && { count }) },
      looks: this.#looks.slice(0, -1),
      ...(writing && { writing }),
    }
  }

  #allCounts(): CountQuery[] {
    const open = this.#tally.query(true)
    return open ? [...this.#counts, open] : this.#counts
  }

  #allSurveys(): Survey[] {
    return this.#survey ? [...this.#surveys, this.#survey] : [...this.#surveys]
  }

  /** The first records behind the node that came last. */
  #look(): Look | undefined {
    const from = this.#origin
    if (from === 'mixed') return undefined
    try {
      if (from === 'file') return { ...unorderedOut(this.relation), from }
      const { sql, columns } = columnsOut(this.relation)
      return { sql: `${sql} LIMIT ${LOOK_RECORDS}`, columns, from }
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
  }

  /** What comes now is counted anew. */
  #next(open: CountQuery | undefined): void {
    if (open) this.#counts.push(open)
    this.#tally = new Tally(this.relation.sql, this.#names)
  }

  #fold(relation: Relation): void {
    this.relation = relation
    this.#folded = true
    this.#surveyed = undefined
    if (this.#origin === 'file') this.#origin = 'fold'
  }

  /** What is counted so far, where only filters are behind the sources. */
  #surveyNow(): void {
    const counted = this.#surveyed && this.#tally.query(true)
    if (counted) this.#survey = { ...counted, ...this.#surveyed! }
  }

  #table({ node, sql, limit }: Omit<TempTable, 'name'>): string {
    const name = this.#names.next('weir_t')
    this.#tables.push({ node, name, sql, ...(limit && { limit }) })
    this.#origin = 'tables'
    return name
  }

  /** A table too: it is read for its records and counted. */
  #dedupe(step: Step, port: string): void {
    const relation = dedupeRelation(step, port)
    const name = this.#table({ node: step.node, sql: relation.sql })
    this.#counts.push({ nodes: [step.node], sql: `SELECT count(*) FROM ${name}` })
    this.#fold({ ...relation, sql: `SELECT * FROM ${name}` })
    this.#next(this.#tally.query(true))
  }

  /** A group becomes a table, because it is read for its records and for how many it has seen. */
  #group(step: Step): void {
    const { relation, count, limit } = groupRelation(step)
    const name = this.#table({ node: step.node, sql: relation.sql, ...(limit && { limit }) })
    const { last } = this.#tally
    const seen = last === undefined ? '' : `, coalesce(sum(${count}), 0)`
    this.#counts.push({
      nodes: last === undefined ? [step.node] : [step.node, last],
      sql: `SELECT count(*)${seen} FROM ${name}`,
    })
    this.#fold({ ...relation, sql: `SELECT * FROM ${name}` })
    this.#next(this.#tally.query(false))
  }
}

/**
 * How pairs are counted of a piece of one side: each record of it has its partners among all of the other side, and no
 * record of the other side is in the result for want of a partner in the piece.
 */
function surveyedPairs(
  kind: string,
  left: readonly string[] = [],
  right: readonly string[] = [],
): Pick<Survey, 'sources' | 'by'> | undefined {
  // A join of joins would read much for it.
  if (left.length !== 1 || right.length !== 1 || kind === 'full') return undefined
  const by = kind === 'inner' ? [...left, ...right] : kind === 'right' ? right : left
  return { sources: [...left, ...right], by }
}
