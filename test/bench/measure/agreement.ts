/** Decides which answers count, where nobody knows the right one beforehand. */

export interface Given {
  id: string
  /** Contenders of one group had the same work. */
  group: string
  answer: string
}

/**
 * For each id whose answer does not count, the answer that most of its group gave; null where no answer has more
 * voices than every other, so that none of them can be trusted.
 */
export function dissenters(given: readonly Given[]): Map<string, string | null> {
  const wrong = new Map<string, string | null>()
  for (const group of new Set(given.map((one) => one.group))) {
    const members = given.filter((one) => one.group === group)
    const voices = new Map<string, number>()
    for (const { answer } of members) voices.set(answer, (voices.get(answer) ?? 0) + 1)
    const [first, second] = [...voices].sort(([, a], [, b]) => b - a)
    const agreed = first && first[1] > (second?.[1] ?? 0) ? first[0] : null
    for (const { id, answer } of members) if (answer !== agreed) wrong.set(id, agreed)
  }
  return wrong
}
