/** The states of `count`, `sum` and `avg` as numbers in arrays. */
import { ExactSum } from '../../spec/exact-sum.ts'
import type { BlockReader, BlockWriter } from './blocks.ts'
import { longer, type StateColumn } from './state-column.ts'

export class CountColumn implements StateColumn<Float64Array> {
  readonly rowBytes = 8
  extra = 0
  #counts = new Float64Array(0)

  reserve(rows: number): void {
    this.#counts = longer(this.#counts, rows)
  }

  init(row: number): void {
    this.#counts[row] = 0
  }

  add(row: number): void {
    this.#counts[row]!++
  }

  set(row: number, state: unknown): void {
    this.#counts[row] = state as number
  }

  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    const counts = out.doubles(to - from)
    for (let at = from; at < to; at++) counts[at - from] = this.#counts[rows[at]!]!
  }

  read(block: BlockReader, count: number): Float64Array {
    return block.doubles(count)
  }

  merge(row: number, laid: Float64Array, at: number): void {
    this.#counts[row]! += laid[at]!
  }

  finish(row: number): number {
    return this.#counts[row]!
  }

  clear(): void {}
}

const SAFE = 2 ** 53
/** An ExactSum with its list of parts, in a Map. */
const SUM_BYTES = 160

interface LaidSums {
  whole: Float64Array
  high: Float64Array
  low: Float64Array
  /** `ExactSum`s as they pack themselves, by place. */
  odd: Map<number, number[]> | undefined
}

/**
 * Sums as `ExactSum` has them: a whole number, and the parts of all else, which do not overlap. Nearly always there are
 * at most two parts, which lie in arrays; a sum that has more, or that is no number, is an `ExactSum` of its own.
 */
export class SumColumn implements StateColumn<LaidSums> {
  readonly rowBytes = 24
  extra = 0
  #whole = new Float64Array(0)
  /** The larger part; 0 where there is none. */
  #high = new Float64Array(0)
  /** The smaller one; 0 where there is none. */
  #low = new Float64Array(0)
  readonly #odd = new Map<number, ExactSum>()

  reserve(rows: number): void {
    this.#whole = longer(this.#whole, rows)
    this.#high = longer(this.#high, rows)
    this.#low = longer(this.#low, rows)
  }

  init(row: number): void {
    this.#whole[row] = this.#high[row] = this.#low[row] = 0
  }

  add(row: number, value: unknown): void {
    const number = value as number
    const odd = this.#odd.size > 0 ? this.#odd.get(row) : undefined
    if (odd) return odd.add(number)
    const next = this.#whole[row]! + number
    // Below 2^53 the sum of two whole numbers is a double, so nothing was rounded.
    if (Number.isInteger(number) && next < SAFE && next > -SAFE) this.#whole[row] = next
    else this.#addPart(row, number)
  }

  set(row: number, state: unknown): void {
    this.#setPacked(row, (state as ExactSum).pack())
  }

  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    for (const column of [this.#whole, this.#high, this.#low]) {
      const numbers = out.doubles(to - from)
      for (let at = from; at < to; at++) numbers[at - from] = column[rows[at]!]!
    }
    const odd: [number, number[]][] = []
    if (this.#odd.size > 0) {
      for (let at = from; at < to; at++) {
        const sum = this.#odd.get(rows[at]!)
        if (sum) odd.push([at - from, sum.pack()])
      }
    }
    out.values(odd)
  }

  read(block: BlockReader, count: number): LaidSums {
    const [whole, high, low] = [block.doubles(count), block.doubles(count), block.doubles(count)]
    const odd = block.values() as [number, number[]][]
    return { whole, high, low, odd: odd.length > 0 ? new Map(odd) : undefined }
  }

  merge(row: number, { whole, high, low, odd }: LaidSums, at: number): void {
    const packed = odd?.get(at)
    if (packed) return this.#oddOf(row).merge(ExactSum.unpack(packed))
    this.add(row, whole[at]!)
    if (low[at] !== 0) this.#addPart(row, low[at]!)
    if (high[at] !== 0) this.#addPart(row, high[at]!)
  }

  finish(row: number): number {
    const odd = this.#odd.size > 0 ? this.#odd.get(row) : undefined
    if (odd) return odd.value()
    if (this.#high[row] === 0) return this.#whole[row]!
    return ExactSum.unpack(this.#packed(row)).value()
  }

  clear(): void {
    this.#odd.clear()
    this.extra = 0
  }

  /** One step of `ExactSum` for at most two parts. */
  #addPart(row: number, value: number): void {
    const odd = this.#odd.size > 0 ? this.#odd.get(row) : undefined
    if (odd) return odd.add(value)
    const low = this.#low[row]!
    const high = this.#high[row]!
    const first = value + low
    const firstRest = rest(value, low, first)
    const second = first + high
    const secondRest = rest(first, high, second)
    if (!Number.isFinite(second) || (firstRest !== 0 && secondRest !== 0)) return this.#oddOf(row).add(value)
    const below = firstRest === 0 ? secondRest : firstRest
    this.#high[row] = second === 0 ? below : second
    this.#low[row] = second === 0 ? 0 : below
  }

  #oddOf(row: number): ExactSum {
    let sum = this.#odd.get(row)
    if (sum) return sum
    sum = ExactSum.unpack(this.#packed(row))
    this.#odd.set(row, sum)
    this.extra += SUM_BYTES
    return sum
  }

  #packed(row: number): number[] {
    const parts = [this.#low[row]!, this.#high[row]!].filter((part) => part !== 0)
    return [this.#whole[row]!, 0, ...parts]
  }

  #setPacked(row: number, [whole = 0, special = 0, ...parts]: readonly number[]): void {
    if (special !== 0 || parts.length > 2) {
      this.#odd.set(row, ExactSum.unpack([whole, special, ...parts]))
      this.extra += SUM_BYTES
      return
    }
    this.#whole[row] = whole
    this.#high[row] = parts.at(-1) ?? 0
    this.#low[row] = parts.length === 2 ? parts[0]! : 0
  }
}

/** What the sum of two numbers lost when it was rounded. */
function rest(a: number, b: number, sum: number): number {
  return Math.abs(a) < Math.abs(b) ? a - (sum - b) : b - (sum - a)
}

interface LaidMeans {
  sums: LaidSums
  counts: Float64Array
}

export class MeanColumn implements StateColumn<LaidMeans> {
  readonly rowBytes = 32
  readonly #sums = new SumColumn()
  readonly #counts = new CountColumn()

  get extra(): number {
    return this.#sums.extra
  }

  reserve(rows: number): void {
    this.#sums.reserve(rows)
    this.#counts.reserve(rows)
  }

  init(row: number): void {
    this.#sums.init(row)
    this.#counts.init(row)
  }

  add(row: number, value: unknown): void {
    this.#sums.add(row, value)
    this.#counts.add(row)
  }

  set(row: number, state: unknown): void {
    const { sum, count } = state as { sum: ExactSum; count: number }
    this.#sums.set(row, sum)
    this.#counts.set(row, count)
  }

  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    this.#sums.write(out, rows, from, to)
    this.#counts.write(out, rows, from, to)
  }

  read(block: BlockReader, count: number): LaidMeans {
    return { sums: this.#sums.read(block, count), counts: this.#counts.read(block, count) }
  }

  merge(row: number, { sums, counts }: LaidMeans, at: number): void {
    this.#sums.merge(row, sums, at)
    this.#counts.merge(row, counts, at)
  }

  finish(row: number): number | null {
    const count = this.#counts.finish(row)
    return count === 0 ? null : this.#sums.finish(row) / count
  }

  clear(): void {
    this.#sums.clear()
  }
}
