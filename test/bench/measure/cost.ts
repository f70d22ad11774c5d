/** What one contender takes more than another, where both ran in turns and the machine had other things to do as well. */
import type { Outcome } from './race.ts'
import { summaryOf } from './statistics.ts'

type Measured = Extract<Outcome, { outcome: 'measured' }>

/** As parts of the other's time: 0.02 is two hundredths more. Half of the pairs lie between `low` and `high`. */
export interface Cost {
  median: number
  low: number
  high: number
  pairs: number
}

/**
 * Each run is held against the one beside it, which had the same neighbours. Processor time says what the work is even
 * where the machine is busy; wall time says what somebody waits for.
 */
export function costOf(one: Measured, other: Measured, of: 'processor' | 'wall'): Cost | undefined {
  const [ours, theirs] = [one, other].map(({ seconds, cpuSamples }) =>
    of === 'wall' ? seconds.samples : cpuSamples,
  )
  const pairs = Math.min(ours!.length, theirs!.length)
  if (pairs === 0) return undefined
  const parts = Array.from({ length: pairs }, (_, at) => ours![at]! / theirs![at]! - 1).sort((a, b) => a - b)
  const quarter = Math.floor(pairs / 4)
  return { median: summaryOf(parts).median, low: parts[quarter]!, high: parts[pairs - 1 - quarter]!, pairs }
}
