/** Holds what was measured against what has to be reached. */
import type { Bar } from './cases/case.ts'
import type { Outcome } from './measure/race.ts'
import type { Summary } from './measure/statistics.ts'
import { costOf } from './measure/cost.ts'
import { bytesText, factorText, partText, rateText, secondsText } from './report/number-text.ts'

export interface BarVerdict {
  say: string
  verdict: 'met' | 'missed' | 'not measured'
  /** What was reached, or why it is not known. */
  found: string
}

/** Outcomes by contender, `weir` among them, and figures by name. */
export interface Measured {
  outcomes: ReadonlyMap<string, Outcome>
  figures: Readonly<Record<string, Summary>>
}

/** Whether the bar was reached. Nothing is rounded in Weir's favour: the measured numbers are compared. */
export function judge(bar: Bar, measured: Measured): BarVerdict {
  const { say } = bar
  const unknown = (found: string): BarVerdict => ({ say, verdict: 'not measured', found })
  const atLeast = (reached: number, wanted: number, text: string): BarVerdict =>
    reached >= wanted
      ? { say, verdict: 'met', found: text }
      : { say, verdict: 'missed', found: `${text}, ${factorText(wanted / reached)} too slow` }
  const atMost = (reached: number, wanted: number, text: string): BarVerdict =>
    reached <= wanted
      ? { say, verdict: 'met', found: text }
      : { say, verdict: 'missed', found: `${text}, ${factorText(reached / wanted)} too much` }

  if (bar.kind === 'figure') {
    const figure = measured.figures[bar.of]
    if (!figure) return unknown('no such figure')
    // Every one of the runs has to keep the promise, not only the middle one.
    return atMost(figure.max, bar.atMost, (bar.of === 'stop' ? secondsText : bytesText)(figure.max))
  }
  const weir = measured.outcomes.get('weir')
  if (weir?.outcome !== 'measured')
    return unknown(weir ? `Weir ${weir.outcome}: ${weir.why}` : 'Weir did not run')
  switch (bar.kind) {
    case 'cost': {
      const other = measured.outcomes.get(bar.than)
      if (other?.outcome !== 'measured') return unknown(other?.why ?? `${bar.than} did not run`)
      const cost = costOf(weir, other, bar.of)
      if (!cost) return unknown('processor time is not known without GNU time')
      const { median, low, high, pairs } = cost
      const found = `${partText(median)}; half of ${pairs} pairs between ${partText(low)} and ${partText(high)}`
      return { say, verdict: median <= bar.atMost ? 'met' : 'missed', found }
    }
    case 'speed': {
      const other = measured.outcomes.get(bar.than)
      if (!other) return unknown(`${bar.than} did not run`)
      if (other.outcome !== 'measured') return unknown(other.why)
      return atLeast(weir.rate / other.rate, bar.atLeast, `${factorText(weir.rate / other.rate)} its speed`)
    }
    case 'rate':
      return atLeast(weir.rate, bar.atLeast, rateText(weir.rate))
    case 'seconds':
      return atMost(weir.seconds.median, bar.atMost, secondsText(weir.seconds.median))
    case 'peak':
      if (weir.peakBytes === null) return unknown('memory is not known without GNU time')
      return atMost(weir.peakBytes, bar.atMost, bytesText(weir.peakBytes))
  }
}
