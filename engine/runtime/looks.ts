/** When a batch goes through nodes one after the other, to be looked at, though they have a loop together. */
export interface Looks {
  /** All of the first batches, until there were so many, of so many records, over so many ms. */
  first: { batches: number; records: number; ms: number }
  /**
   * Then a four-hundredth of the time, but one in so many ms where that is no more than a thirtieth. What is kept of a
   * look is moved by the garbage collector, too, which takes as long again.
   */
  everyMs: number
}

/** Short runs need no loop that is shared, and show exactly their last records. */
export const LOOKS: Looks = { first: { batches: 8, records: 8192, ms: 2 }, everyMs: 100 }
