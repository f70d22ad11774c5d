/** What is said about a handful of samples. */

export interface Summary {
  median: number
  min: number
  max: number
  samples: number[]
}

/** Median and bounds of at least one sample. The median of an even number is the mean of the middle two. */
export function summaryOf(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('There is no median of no samples.')
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)!, samples: [...samples] }
}
