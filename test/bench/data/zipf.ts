/** Zipf's law: the k-th most popular of `size` things is drawn with a weight of 1/k, in constant time for each draw. */

/**
 * Makes a sampler of ranks from 0 (the most popular) to `size` - 1, by Vose's alias method. The weights are plain
 * divisions, which IEEE 754 rounds alike everywhere, so that the draws are the same on every machine (`Math.pow`,
 * which another exponent would need, is not).
 */
export function zipfSampler(size: number, random: () => number): () => number {
  const weights = Float64Array.from({ length: size }, (_, rank) => 1 / (rank + 1))
  let total = 0
  for (const weight of weights) total += weight
  const chances = weights.map((weight) => (weight / total) * size)
  const aliases = new Int32Array(size)

  const small: number[] = []
  const large: number[] = []
  for (let rank = 0; rank < size; rank++) (chances[rank]! < 1 ? small : large).push(rank)
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop()!
    const rich = large.at(-1)!
    aliases[poor] = rich
    chances[rich]! -= 1 - chances[poor]!
    if (chances[rich]! < 1) small.push(large.pop()!)
  }
  // What rounding has left over is full.
  for (const rank of [...small, ...large]) chances[rank] = 1

  return () => {
    const scaled = random() * size
    const rank = Math.floor(scaled)
    return scaled - rank < chances[rank]! ? rank : aliases[rank]!
  }
}
