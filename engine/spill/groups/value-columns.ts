/** The states of `min` and `max`, whose values are of any kind, and those of any other aggregate. */
import type { Aggregate } from '../../spec/aggregate.ts'
import { Budget } from '../../spec/budget.ts'
import { compareValues } from '../../spec/compare.ts'
import { ownValue } from '../../spec/own-text.ts'
import { recordBytes } from '../../spec/record-size.ts'
import type { BlockReader, BlockWriter } from './blocks.ts'
import { longer, type StateColumn } from './state-column.ts'

/** What a row of `ExtremeColumn` has. */
const NOTHING = 0
const NUMBER = 1
const OTHER = 2
/** An entry of a Map. */
const ENTRY_BYTES = 48

interface LaidExtremes {
  kinds: Uint8Array
  numbers: Float64Array
  others: Map<number, unknown> | undefined
}

/** The least value in an order, or the greatest; of equal ones the first. */
export class ExtremeColumn implements StateColumn<LaidExtremes> {
  readonly rowBytes = 9
  extra = 0
  readonly #sign: 1 | -1
  #kinds = new Uint8Array(0)
  #numbers = new Float64Array(0)
  readonly #others = new Map<number, unknown>()

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  reserve(rows: number): void {
    this.#kinds = longer(this.#kinds, rows)
    this.#numbers = longer(this.#numbers, rows)
  }

  init(row: number): void {
    this.#kinds[row] = NOTHING
    // Not for its value: what is written to disk is the same for the same groups.
    this.#numbers[row] = 0
  }

  add(row: number, value: unknown): void {
    const kind = this.#kinds[row]
    if (kind === NUMBER && typeof value === 'number') {
      const number = this.#numbers[row]!
      const difference = this.#sign === 1 ? value - number : number - value
      if (difference < 0) this.#numbers[row] = value
      // Infinities and NaN have no difference.
      else if (Number.isNaN(difference) && compareValues(value, number, this.#sign) < 0)
        this.#numbers[row] = value
    } else if (kind === NOTHING || compareValues(value, this.#valueOf(row), this.#sign) < 0) {
      this.#put(row, ownValue(value))
    }
  }

  set(row: number, state: unknown): void {
    if (state !== undefined) this.#put(row, state)
  }

  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    const kinds = out.bytes(to - from)
    for (let at = from; at < to; at++) kinds[at - from] = this.#kinds[rows[at]!]!
    const numbers = out.doubles(to - from)
    for (let at = from; at < to; at++) numbers[at - from] = this.#numbers[rows[at]!]!
    const others: unknown[] = []
    if (this.#others.size > 0) {
      for (let at = from; at < to; at++)
        if (this.#kinds[rows[at]!] === OTHER) others.push([at - from, this.#others.get(rows[at]!)])
    }
    out.values(others)
  }

  read(block: BlockReader, count: number): LaidExtremes {
    const kinds = block.bytes(count)
    const numbers = block.doubles(count)
    const others = block.values() as [number, unknown][]
    return { kinds, numbers, others: others.length > 0 ? new Map(others) : undefined }
  }

  merge(row: number, { kinds, numbers, others }: LaidExtremes, at: number, isEarlier: boolean): void {
    if (kinds[at] === NOTHING) return
    const value = kinds[at] === NUMBER ? numbers[at] : others!.get(at)
    if (!isEarlier) this.add(row, value)
    else if (this.#kinds[row] === NOTHING || compareValues(this.#valueOf(row), value, this.#sign) >= 0)
      this.#put(row, value)
  }

  finish(row: number): unknown {
    return this.#valueOf(row) ?? null
  }

  clear(): void {
    this.#others.clear()
    this.extra = 0
  }

  #valueOf(row: number): unknown {
    const kind = this.#kinds[row]
    return kind === NUMBER ? this.#numbers[row] : kind === OTHER ? this.#others.get(row) : undefined
  }

  #put(row: number, value: unknown): void {
    if (this.#kinds[row] === OTHER) {
      this.extra -= ENTRY_BYTES + recordBytes(this.#others.get(row))
      this.#others.delete(row)
    }
    if (typeof value === 'number') {
      this.#kinds[row] = NUMBER
      this.#numbers[row] = value
      return
    }
    this.#kinds[row] = OTHER
    this.#numbers[row] = 0
    this.#others.set(row, value)
    this.extra += ENTRY_BYTES + recordBytes(value)
  }
}

/** Nobody counts what is read back from disk: it was counted when it came. */
const UNCOUNTED = new Budget({ limit: undefined, what: '', field: '', remedy: '' })
const PLACE_BYTES = 8

/** The states of an aggregate as it makes them. */
export class AnyColumn implements StateColumn<unknown[]> {
  readonly rowBytes = PLACE_BYTES
  extra = 0
  readonly #aggregate: Aggregate
  #states: unknown[] = []

  constructor(aggregate: Aggregate) {
    this.#aggregate = aggregate
  }

  reserve(): void {}

  init(row: number): void {
    this.#states[row] = this.#aggregate.init()
    this.extra += this.bytesOf(row)
  }

  add(row: number, value: unknown, budget: Budget): void {
    this.#states[row] = this.#aggregate.add(this.#states[row], value, budget)
  }

  set(row: number, state: unknown): void {
    this.extra -= this.bytesOf(row)
    this.#states[row] = state
    this.extra += this.bytesOf(row)
  }

  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    const { pack } = this.#aggregate
    const states: unknown[] = []
    for (let at = from; at < to; at++) {
      const state = this.#states[rows[at]!]
      states.push(pack ? pack(state) : state)
    }
    out.values(states)
  }

  read(block: BlockReader): unknown[] {
    const { unpack } = this.#aggregate
    const states = block.values()
    return unpack ? states.map((state) => unpack(state, UNCOUNTED)) : states
  }

  merge(row: number, laid: unknown[], at: number, isEarlier: boolean): void {
    const aggregate = this.#aggregate
    this.extra -= this.bytesOf(row)
    const [a, b] = isEarlier ? [laid[at], this.#states[row]] : [this.#states[row], laid[at]]
    this.#states[row] = aggregate.merge(a, b, UNCOUNTED)
    this.extra += this.bytesOf(row)
  }

  finish(row: number): unknown {
    return this.#aggregate.finish(this.#states[row])
  }

  bytesOf(row: number): number {
    return this.#aggregate.bytes(this.#states[row])
  }

  clear(): void {
    this.#states = []
    this.extra = 0
  }
}
