/** Counts what several filters of one reading let through: the same relation, with a flag for each in place of WHERE. */
import type { CountQuery } from './program-parts.ts'
import type { Names } from './relation.ts'

export class Tally {
  readonly #names: Names
  #sql: string
  #flags: { node: string; name: string }[] = []

  /** @param sql the relation before the first filter */
  constructor(sql: string, names: Names) {
    this.#sql = sql
    this.#names = names
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

  /** The node of the last filter. */
  get last(): string | undefined {
    return this.#flags.at(-1)?.node
  }

  /** @param all false where the last one is known from elsewhere */
  query(all: boolean): CountQuery | undefined {
    const flags = all ? this.#flags : this.#flags.slice(0, -1)
    if (flags.length === 0) return undefined
    const counts = flags.map(({ name }) => `count(*) FILTER (WHERE ${name})`)
    return { nodes: flags.map(({ node }) => node), sql: `SELECT ${counts.join(', ')} FROM (${this.#sql})` }
  }
}
