/** `join` as a relation: pairs of records with equal fields, in the order of the left ones, then of the right ones. */
import type { Names, Relation } from '../relation.ts'
import { asDouble, LARGEST, refuse } from '../typed.ts'
import type { NumberSql, Typed } from '../typed.ts'
import { asKey } from './sort.ts'

type Kind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'

interface Config {
  kind: Kind
  keys: { left: string; right?: string }[]
  prefix: string
}

interface Key {
  left: string
  right: string
}

export interface Joining {
  config: Record<string, unknown>
  left: Relation
  right: Relation
  names: Names
}

/** A place has 63 bits. */
const MOST_PLACES = 2n ** 62n
/** The row tier remembers no more names of a side that has no record. */
const MOST_FIELDS = 1000

/** @throws Refusal */
export function joinRelation({ config, left, right, names }: Joining): Relation {
  const { kind, keys: given, prefix } = config as unknown as Config
  const keys: Key[] = given.map((key) => ({ left: key.left, right: key.right || key.left }))
  const on = keys
    .map((key) => equal(keyOf(left, key.left), keyOf(right, key.right)))
    .map((terms) => terms.join(' = '))
    .join(' AND ')
  if (kind === 'semi' || kind === 'anti') {
    const sql = `SELECT * FROM (${left.sql}) ${kind.toUpperCase()} JOIN (${right.sql}) ON ${on}`
    return { ...left, sql, some: false }
  }
  checkSides(kind, left, right)
  return new Pairs({ kind, keys, prefix, left, right, names }).relation(on)
}

/** Null is equal to nothing, so a field that is not there has no partner: that is no join. */
function keyOf({ fields }: Relation, name: string): Typed {
  const typed = fields.get(name)
  if (!typed || typed.kind === 'null' || typed.kind === 'undefined')
    return refuse(`the field “${name}”, which is not there`)
  if (typed.kind === 'opaque') return refuse(typed.why)
  return typed
}

/** Both sides of an equation. */
function equal(a: Typed, b: Typed): [string, string] {
  if (a.kind === 'number' && b.kind === 'number') {
    if (a.whole && b.whole) return [a.sql, b.sql]
    return [doubleKey(a), doubleKey(b)]
  }
  if (a.kind === 'time' && b.kind === 'time') {
    if (a.time.digits === b.time.digits && a.time.utc === b.time.utc) return [a.sql, b.sql]
    return refuse('times of two kinds, whose texts differ')
  }
  if (a.kind !== b.kind) return refuse('keys of two kinds')
  return [a.sql, b.sql]
}

function doubleKey(typed: NumberSql): string {
  return typed.whole ? asDouble(typed) : asKey(typed)
}

/** The fields of a side that is missing are null, but only those that were seen: of a side without records there are none. */
function checkSides(kind: Kind, left: Relation, right: Relation): void {
  if (left.fields.size > MOST_FIELDS || right.fields.size > MOST_FIELDS) refuse('so many fields')
  if (kind !== 'right' && kind !== 'inner' && !right.some) refuse('a right side that may have no records')
  if (kind !== 'left' && kind !== 'inner' && !left.some) refuse('a left side that may have no records')
}

interface PairsParts {
  kind: Exclude<Kind, 'semi' | 'anti'>
  keys: readonly Key[]
  prefix: string
  left: Relation
  right: Relation
  names: Names
}

class Pairs {
  readonly #parts: PairsParts
  /** A column that is true where there is a left record; only where there may be none. */
  readonly #present: string | undefined
  readonly #leftAlone: boolean
  readonly #columns: string[] = []

  constructor(parts: PairsParts) {
    const { kind, names } = parts
    this.#parts = parts
    this.#leftAlone = kind === 'left' || kind === 'full'
    this.#present = kind === 'right' || kind === 'full' ? names.next('m') : undefined
  }

  relation(on: string): Relation {
    const { kind, left, right } = this.#parts
    const fields = this.#fields()
    const order = this.#order()
    const from = this.#present ? `SELECT *, TRUE AS ${this.#present} FROM (${left.sql})` : left.sql
    const more = this.#columns.map((column) => `, ${column}`).join('')
    return {
      sql: `SELECT *${more} FROM (${from}) ${kind.toUpperCase()} JOIN (${right.sql}) ON ${on}`,
      fields,
      ...order,
      most: this.#most(),
      some: (this.#leftAlone && left.some) || (this.#present !== undefined && right.some),
    }
  }

  /** Those of the left record, then those of the right one, renamed where the names clash. */
  #fields(): Map<string, Typed> {
    const { keys, prefix, left, right } = this.#parts
    const shared = new Map(keys.filter((key) => key.left === key.right).map(({ left: name }) => [name, name]))
    const fields = new Map<string, Typed>()
    for (const [name, typed] of left.fields) {
      const other = shared.has(name) ? right.fields.get(name) : undefined
      if (this.#present === undefined) fields.set(name, typed)
      else fields.set(name, other ? this.#either(typed, other) : orNull(typed))
    }
    for (const name of asKeysOfObject(right.fields.keys())) {
      if (shared.has(name)) continue
      let free = name
      while (fields.has(free)) free = prefix + free
      if (free === '__proto__') refuse('a field that is called “__proto__”')
      const typed = right.fields.get(name)!
      fields.set(free, this.#leftAlone ? orNull(typed) : typed)
    }
    return fields
  }

  /** A key of both sides: the left record's where there is one. */
  #either(left: Typed, right: Typed): Typed {
    const name = this.#parts.names.next('c')
    const nullable = left.nullable || right.nullable
    const column = (a: string, b: string) =>
      this.#columns.push(`CASE WHEN ${this.#present} THEN ${a} ELSE ${b} END AS ${name}`)
    if (left.kind === 'number' && right.kind === 'number') {
      const common = { kind: 'number' as const, sql: name, nullable, nan: left.nan || right.nan }
      if (left.whole && right.whole) {
        column(left.sql, right.sql)
        const min = Math.min(left.whole.min, right.whole.min)
        return { ...common, whole: { min, max: Math.max(left.whole.max, right.whole.max) } }
      }
      column(asDouble(left), asDouble(right))
      return common
    }
    column(left.sql, right.sql)
    if (left.kind === 'time')
      return { ...left, sql: name, nullable, ticks: left.ticks.replace(left.sql, name) }
    return { ...left, sql: name, nullable }
  }

  /** One number for both places, where it fits; right records without a partner are behind all others. */
  #order(): Pick<Relation, 'order' | 'places'> {
    const { left, right, names } = this.#parts
    const present = this.#present
    const { places: lefts } = left
    const { places: rights } = right
    if (lefts === undefined || rights === undefined || (lefts + 1n) * rights > MOST_PLACES) {
      const last = present ? [`${present} ASC NULLS LAST`] : []
      return { order: [...last, ...left.order, ...right.order] }
    }
    const [leftPlace, rightPlace] = [left.order[0]!, right.order[0]!]
    const name = names.next('p')
    const inside = this.#leftAlone ? `coalesce(${rightPlace}, 0)` : rightPlace
    const pair = `CAST(${leftPlace} AS BIGINT) * ${rights} + ${inside}`
    const alone = `${lefts * rights} + ${rightPlace}`
    this.#columns.push(`${present ? `CASE WHEN ${present} THEN ${pair} ELSE ${alone} END` : pair} AS ${name}`)
    return { order: [name], places: (lefts + 1n) * rights }
  }

  #most(): number {
    const { keys, left, right } = this.#parts
    const isUnique = ({ unique }: Relation, side: 'left' | 'right') =>
      unique?.every((name) => keys.some((key) => key[side] === name)) ?? false
    let most = left.most * right.most
    if (isUnique(right, 'right')) most = Math.min(most, left.most)
    if (isUnique(left, 'left')) most = Math.min(most, right.most)
    if (this.#leftAlone) most += left.most
    if (this.#present !== undefined) most += right.most
    return Math.min(most, LARGEST)
  }
}

function orNull(typed: Typed): Typed {
  return { ...typed, nullable: true }
}

/** The row tier goes through the fields of a record, where names that are whole numbers come first. */
function asKeysOfObject(names: Iterable<string>): string[] {
  return Object.keys(Object.fromEntries([...names].map((name) => [name, 0])))
}
