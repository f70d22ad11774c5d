/**
 * Counts what several filters of one reading let through: the same relation, with a flag for each in place of WHERE.
 * Before them may stand a join, whose records are counted too.
 */
import type { CountQuery } from './program-parts.ts'
import type { Names } from './relation.ts'

export class Tally {
  readonly #names: Names
  #sql: string
  #flags: { node: string; name: string }[] = []
  /** The node whose records these are, where they are to be counted too. */
  readonly #base: string | undefined

  /** @param sql the relation before the first filter */
  constructor(sql: string, names: Names, base?: string) {
    this.#sql = sql
    this.#names = names
    this.#base = base
  }

  filter(node: string, where: string): void {
    const name = this.#names.next('f')
    const before = this.#flags.at(-1)
    const flag = `coalesce(${where}, FALSE)`
    const both = before ? `(${before.name} AND ${flag})` : flag
    this.#sql = `SELECT *, ${both} AS ${name} FROM (${this.#sql})`
    this.#flags.push({ node, name })
  }

  /** Columns were added to the relation, `before` being a part of the text of `after`. */
  extend(before: string, after: string): void {
    const at = after.indexOf(before)
    this.#sql = after.slice(0, at) + this.#sql + after.slice(at + before.length)
  }

  /** The last node that is counted. */
  get last(): string | undefined {
    return this.#flags.at(-1)?.node ?? this.#base
  }

  /** @param all false where the last one is known from elsewhere */
  query(all: boolean): CountQuery | undefined {
    const base = this.#base === undefined ? [] : [{ node: this.#base, count: 'count(*)' }]
    const flags = this.#flags.map(({ node, name }) => ({ node, count: `count(*) FILTER (WHERE ${name})` }))
    const asked = all ? [...base, ...flags] : [...base, ...flags].slice(0, -1)
    if (asked.length === 0) return undefined
    const counts = asked.map(({ count }) => count)
    return { nodes: asked.map(({ node }) => node), sql: `SELECT ${counts.join(', ')} FROM (${this.#sql})` }
  }
}
