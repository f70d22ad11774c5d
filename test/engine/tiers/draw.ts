/** Random choices that a seed decides. */
import { seededRandom } from '../../bench/data/random.ts'

export class Draw {
  /** From 0 to below 1. */
  readonly random: () => number

  constructor(seed: number) {
    this.random = seededRandom(seed)
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }
  chance(part: number): boolean {
    return this.random() < part
  }
  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }
  /** Some of the items, in their order, at least one. */
  some<Item>(items: readonly Item[], most = items.length): Item[] {
    const wanted = 1 + this.below(Math.min(most, items.length))
    const left = new Set(items)
    while (left.size > wanted) left.delete(this.one([...left]))
    return [...left]
  }
  list<Item>(length: number, make: (at: number) => Item): Item[] {
    return Array.from({ length }, (_, at) => make(at))
  }
}
