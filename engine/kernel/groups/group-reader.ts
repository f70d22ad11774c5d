/** Reads groups out of a kernel's memory: as records, or one value of them. */
import { ExactSum } from '../../spec/exact-sum.ts'
import type { DataRecord } from '../../spec/node.ts'
import { putField, type Fields } from '../../spec/record-fields.ts'
import { groupBytes } from './group-bytes.ts'
import { keyPlaces, type KeyPlace } from './group-keys.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import {
  AGG_AVG,
  AGG_COUNTS,
  AGG_SUM,
  GROUP_INDEX,
  GROUP_NUMBER,
  GROUP_STATES,
  KIND_FALSE,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  KIND_TRUE,
  STATE_BYTES,
} from '../layout.ts'
import type { KernelProgram } from '../program.ts'

const TWO_TO_32 = 2 ** 32

export class GroupReader {
  readonly #memory: KernelMemory
  readonly #groups: KernelGroups
  readonly #program: KernelProgram
  readonly #view: DataView

  /** The memory must not grow while groups are read. */
  constructor(memory: KernelMemory, groups: KernelGroups, program: KernelProgram) {
    this.#memory = memory
    this.#groups = groups
    this.#program = program
    this.#view = new DataView(memory.bytes.buffer)
  }

  /** Addresses of all groups, in the order in which they were first seen. Without keys there is one in any case: 0. */
  *all(): Iterable<number> {
    if (this.#program.by.length === 0 && this.#groups.count === 0) yield 0
    const width = this.#program.aggregates.length
    for (const { from, to } of this.#groups.chunks()) {
      for (let group = from; group < to; group += groupBytes(this.#memory, group, width)) yield group
    }
  }

  /** Where a group of a table that merged others stands among all of them. */
  numberOf(group: number): number {
    return this.#view.getFloat64(group + GROUP_NUMBER, true)
  }

  record(group: number): DataRecord {
    const record: Fields = {}
    const { by, aggregates } = this.#program
    if (by.length > 0) this.#keys(group).forEach((value, i) => putField(record, by[i]!.name, value))
    for (let i = 0; i < aggregates.length; i++) putField(record, aggregates[i]!.as, this.result(group, i))
    return record
  }

  /** Makes the function that reads one field of a group's record; undefined where it has no such field. */
  valueReader(name: string): (group: number) => unknown {
    const aggregate = this.#program.aggregates.findIndex(({ as }) => as === name)
    if (aggregate >= 0) return (group) => this.result(group, aggregate)
    const key = this.#program.by.findIndex((one) => one.name === name)
    return key < 0 ? () => undefined : (group) => this.#keys(group)[key]
  }

  /** What an aggregate comes to. */
  result(group: number, aggregate: number): unknown {
    const { fn } = this.#program.aggregates[aggregate]!
    if (group === 0) return fn === AGG_COUNTS || fn === AGG_SUM ? 0 : null
    const at = group + GROUP_STATES + STATE_BYTES * aggregate
    const view = this.#view
    if (fn === AGG_COUNTS) return view.getFloat64(at, true)
    const place = view.getUint32(group + GROUP_INDEX, true) * this.#program.aggregates.length + aggregate
    const left = this.#groups.states.get(place)?.state
    if (fn === AGG_SUM) return this.#sum(at, left as ExactSum | undefined)
    if (fn === AGG_AVG) {
      const count = view.getFloat64(at + 8, true)
      return count === 0 ? null : this.#sum(at, left as ExactSum | undefined) / count
    }
    // Numbers come before anything else in the order of values, whatever its direction.
    return view.getUint32(at + 8, true) !== 0 ? view.getFloat64(at, true) : (left ?? null)
  }

  /** The whole number in the state and what was added beside it, rounded once. */
  #sum(at: number, left: ExactSum | undefined): number {
    const low = this.#view.getUint32(at, true)
    const high = this.#view.getInt32(at + 4, true) * TWO_TO_32
    if (!left) return high + low
    const sum = ExactSum.unpack(left.pack())
    sum.add(high)
    sum.add(low)
    return sum.value()
  }

  #keys(group: number): unknown[] {
    const { by, aggregates } = this.#program
    const shape = { aggregates: aggregates.length, keys: by.length }
    return keyPlaces(this.#memory, group, shape).map((place) => this.#key(place))
  }

  #key({ kind, at, length, minus }: KeyPlace): unknown {
    switch (kind) {
      case KIND_TEXT:
        return this.#memory.bytes.toString('utf8', at, at + length)
      case KIND_NUMBER:
        return minus ? -0 : this.#view.getFloat64(at, true)
      case KIND_TRUE:
        return true
      case KIND_FALSE:
        return false
      case KIND_OTHER:
        return this.#groups.values.get(this.#memory.bytes.toString('latin1', at, at + length))?.value
      default:
        return null
    }
  }
}
