/** The groups that come first in the order of a `top`: only these become records. */
import { BoundedHeap } from '../../spec/bounded-heap.ts'
import { compareValues } from '../../spec/compare.ts'
import type { DataRecord } from '../../spec/node.ts'
import type { GroupReader } from './group-reader.ts'
import type { KernelTop } from '../program.ts'

/** A group that may be among the top, with what it is compared by. */
export interface Candidate {
  value: unknown
  /** Of equal ones the earlier one wins. */
  position: number
  record: DataRecord
}

/** What a part sends that has finished its groups itself. */
export interface TopOfPart {
  top: Candidate[]
  /** Groups that there were. */
  count: number
  /** Some of them, to be looked at. */
  shown: DataRecord[]
}

export class TopGroups {
  readonly #top: KernelTop
  readonly #compare: (a: Omit<Candidate, 'record'>, b: Omit<Candidate, 'record'>) => number
  readonly #heap: BoundedHeap<Candidate>

  constructor(top: KernelTop) {
    this.#top = top
    const sign = top.order === 'asc' ? 1 : -1
    this.#compare = (a, b) => compareValues(a.value, b.value, sign) || a.position - b.position
    this.#heap = new BoundedHeap<Candidate>(top.n, this.#compare)
  }

  /** Numbers beyond it are not among the top any more; undefined while there is room, or where what comes last is no number. */
  get bound(): number | undefined {
    const last = this.#heap.last?.value
    return typeof last === 'number' ? last : undefined
  }

  /** Makes the function that is shown each group of a table, with its place in the order of first sight. */
  taker(reader: GroupReader): (group: number, position: number) => void {
    const read = reader.valueReader(this.#top.by)
    const isDescending = this.#top.order === 'desc'
    return (group, position) => {
      const value = read(group)
      const { last } = this.#heap
      if (last) {
        // Most are numbers far from the top.
        const bound = last.value
        if (typeof value === 'number' && typeof bound === 'number')
          if (isDescending ? value < bound : value > bound) return
        if (this.#compare({ value, position }, last) > 0) return
      }
      this.#heap.add({ value, position, record: reader.record(group) })
    }
  }

  /** What another one has kept of other groups. */
  add(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) this.#heap.add(candidate)
  }

  /** First one first. */
  candidates(): Candidate[] {
    return this.#heap.sorted()
  }

  records(): DataRecord[] {
    return this.candidates().map(({ record }) => record)
  }
}
