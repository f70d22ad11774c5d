/** A sum of numbers without rounding on the way, so that partial sums give the same total in any split. */

const SAFE = 2 ** 53

/** Sums by index; `rest` has what is more than a whole number. */
export interface PackedSums {
  whole: Float64Array
  rest: [index: number, special: number, parts: number[]][]
}

/**
 * Whole numbers add up in one double while that is exact. Everything else goes into non-overlapping parts whose exact
 * total is the sum (Shewchuk 1997, as Python's `fsum`); `value` rounds once. Two states merge into what one would hold.
 */
export class ExactSum {
  #whole = 0
  #parts: number[] = []
  /** Infinities and NaN, and what grew beyond the largest double. */
  #special = 0

  add(value: number): void {
    const next = this.#whole + value
    // Below 2^53 the sum of two whole numbers is a double, so nothing was rounded.
    if (Number.isInteger(value) && next < SAFE && next > -SAFE) this.#whole = next
    else if (Number.isInteger(value) && value < SAFE && value > -SAFE) {
      // Carried over now and then, so that whole numbers stay as cheap whatever they add up to.
      this.#special += grow(this.#parts, this.#whole)
      this.#whole = value
    } else if (Number.isFinite(value)) this.#special += grow(this.#parts, value)
    else this.#special += value
  }

  merge(other: ExactSum): void {
    this.add(other.#whole)
    for (const part of other.#parts) this.add(part)
    this.#special += other.#special
  }

  /** The state as plain numbers, for another thread. */
  pack(): number[] {
    return [this.#whole, this.#special, ...this.#parts]
  }

  static unpack([whole = 0, special = 0, ...parts]: readonly number[]): ExactSum {
    const sum = new ExactSum()
    sum.#whole = whole
    sum.#special = special
    sum.#parts = parts
    return sum
  }

  /** Many states as data for another thread: most are one whole number, and cost no more than that. */
  static packAll(sums: readonly ExactSum[]): PackedSums {
    const whole = Float64Array.from(sums, (sum) => sum.#whole)
    const rest: PackedSums['rest'] = []
    sums.forEach((sum, index) => {
      if (sum.#special !== 0 || sum.#parts.length > 0) rest.push([index, sum.#special, sum.#parts])
    })
    return { whole, rest }
  }

  static unpackAll({ whole, rest }: PackedSums): ExactSum[] {
    const sums = Array.from(whole, (number) => {
      const sum = new ExactSum()
      sum.#whole = number
      return sum
    })
    for (const [index, special, parts] of rest) {
      sums[index]!.#special = special
      sums[index]!.#parts = parts
    }
    return sums
  }

  /** The exact sum, rounded to the nearest double. */
  value(): number {
    if (this.#special !== 0) return this.#special
    if (this.#parts.length === 0) return this.#whole
    const parts = [...this.#parts]
    return grow(parts, this.#whole) || rounded(parts)
  }
}

/** Adds a value to the parts, exactly. Returns 0, or ±Infinity where the total left the range of doubles. */
function grow(parts: number[], value: number): number {
  let high = value
  let kept = 0
  const count = parts.length
  for (let at = 0; at < count; at++) {
    const part = parts[at]!
    const isLarger = Math.abs(part) > Math.abs(high)
    const large = isLarger ? part : high
    const small = isLarger ? high : part
    high = large + small
    if (!Number.isFinite(high)) return high
    const low = small - (high - large)
    if (low !== 0) parts[kept++] = low
  }
  if (high !== 0) parts[kept++] = high
  // Most often there are as many as before.
  if (kept < count) parts.length = kept
  return 0
}

/** The sum of non-overlapping parts in rising order, rounded half to even. */
function rounded(parts: readonly number[]): number {
  let n = parts.length
  if (n === 0) return 0
  let high = parts[--n]!
  let low = 0
  while (n > 0) {
    const before = high
    const part = parts[--n]!
    high = before + part
    low = part - (high - before)
    if (low !== 0) break
  }
  // A remainder of exactly half a unit was rounded to even without seeing what is below it.
  if (n > 0 && low !== 0 && Math.sign(low) === Math.sign(parts[n - 1]!)) {
    const doubled = low * 2
    const up = high + doubled
    if (up - high === doubled) return up
  }
  return high
}
