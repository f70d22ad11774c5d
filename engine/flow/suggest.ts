/** The nearest of several names, for "did you mean". */

/** The known name that differs least, if the difference could be a slip. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  // Longer names are no slips, and the table below grows with the length.
  if (name.length > 64) return undefined
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const cost = distance(name.toLowerCase(), candidate.toLowerCase())
    if (cost < least && cost < candidate.length) [best, least] = [candidate, cost]
  }
  return best
}

/** Letters to add, drop, replace or swap with their neighbour to get from one to the other. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
