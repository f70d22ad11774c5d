/** The rows that tell how a case went, the same in the terminal and in the page. */
import type { CaseResult, ContenderResult } from '../results.ts'
import { bytesText, factorText, rateText, secondsText } from './number-text.ts'

export const CASE_HEAD = ['', 'median', 'min – max', 'records/s', 'Weir is', 'peak memory', 'CPU']

/** One row for each contender. `Weir is` says how many times its speed Weir has; below 1 Weir is slower. */
export function caseRows({ contenders }: CaseResult): string[][] {
  const weir = contenders.find(({ id }) => id === 'weir')?.outcome
  const weirRate = weir?.outcome === 'measured' ? weir.rate : undefined
  return contenders.map((contender) => rowOf(contender, weirRate))
}

function rowOf({ id, title, share, outcome }: ContenderResult, weirRate: number | undefined): string[] {
  const name = share === 1 ? title : `${title} (${+(share * 100).toPrecision(3)} % of it)`
  if (outcome.outcome !== 'measured') return [name, outcome.outcome, '', '', '', '', '']
  const { seconds, rate, peakBytes, cpuSeconds } = outcome
  return [
    name,
    secondsText(seconds.median),
    `${secondsText(seconds.min)} – ${secondsText(seconds.max)}`,
    rateText(rate),
    id === 'weir' || weirRate === undefined ? '' : factorText(weirRate / rate),
    peakBytes === null ? '' : bytesText(peakBytes),
    cpuSeconds === null ? '' : secondsText(cpuSeconds),
  ]
}

/** Why contenders have no numbers, a line each. */
export function troubles({ contenders }: CaseResult): string[] {
  return contenders.flatMap(({ title, outcome }) =>
    outcome.outcome === 'measured' ? [] : [`${title}: ${outcome.outcome}, ${outcome.why}`],
  )
}

/** Figures beside the times. */
export function figureRows({ figures }: CaseResult): string[][] {
  return Object.entries(figures).map(([name, { median, min, max }]) => {
    const text = name === 'stop' ? secondsText : bytesText
    return [FIGURES[name] ?? name, text(median), `${text(min)} – ${text(max)}`]
  })
}

const FIGURES: Record<string, string> = {
  growth: 'growth of memory while it waits',
  stop: 'from the signal to the end of the process',
  peak: 'peak memory',
}
