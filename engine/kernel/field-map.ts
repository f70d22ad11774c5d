/** Which column a field's name stands for at a place in a chain, where nodes before may have dropped or renamed fields. */
import type { KernelFormat } from './formats.ts'

interface Selection {
  keep: string[]
  drop: string[]
  rename: { from: string; to: string }[]
}

/** Fields that every line of an access log has. */
const ALWAYS_IN_LOGS = new Set('host user time method path protocol status bytes referrer agent'.split(' '))

export class FieldMap {
  /** Fields of the source, by column. */
  readonly names: string[] = []
  readonly #format: KernelFormat
  /** From the latest name to the one before it: null where there is none, undefined where that cannot be told. */
  readonly #renamed: ((name: string) => string | null | undefined)[] = []

  constructor(format: KernelFormat) {
    this.#format = format
  }

  /** The column of a field, made where there is none; -1 for one that is always missing; undefined where it depends. */
  columnOf(name: string): number | undefined {
    let source: string | null | undefined = name
    for (const before of this.#renamed.toReversed()) {
      // Names that every object inherits are read in ways of their own.
      if (source === undefined || source === null) break
      if (source in Object.prototype) return undefined
      source = before(source)
    }
    if (source === undefined) return undefined
    if (source === null) return -1
    if (source in Object.prototype) return undefined
    const known = this.names.indexOf(source)
    return known >= 0 ? known : this.names.push(source) - 1
  }

  /** Takes a `select` into account; false where what it does depends on the record in a way that columns cannot tell. */
  select(config: Record<string, unknown>): boolean {
    const { keep, drop, rename } = config as unknown as Selection
    const sources = new Map(rename.map(({ from, to }) => [to, from]))
    const moved = new Set(rename.map(({ from }) => from))
    if ([...keep, ...drop, ...sources.keys(), ...moved].some((name) => name in Object.prototype)) return false
    if (keep.length > 0) {
      this.#renamed.push((name) => {
        const source = sources.get(name) ?? (moved.has(name) ? undefined : name)
        return source !== undefined && keep.includes(source) ? source : null
      })
      return true
    }
    const first = this.#renamed.length === 0
    this.#renamed.push((name) => {
      const source = sources.get(name)
      // Where the renamed field is missing, one that has the new name already stays: which it is depends on the record.
      if (source !== undefined)
        return first && this.#format === 'access-log' && ALWAYS_IN_LOGS.has(source) ? source : undefined
      return moved.has(name) || drop.includes(name) ? null : name
    })
    return true
  }
}
