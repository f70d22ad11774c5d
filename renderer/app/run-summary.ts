/** The run in one line: time, rate, memory, time left. Plain data, so that the top bar can write it ten times a second. */
import { formatRate } from '../canvas/format-numbers.ts'
import type { RunState } from '../../engine/host/protocol.ts'
import type { Live, LiveNode } from '../stores/live.ts'
import { bytes, duration, roughly } from './numbers.ts'

/** A piece of the line: the number stands out, the words around it do not. */
export interface SummaryPart {
  before?: string
  value?: string
  after?: string
}

/** Below this share nobody can tell how long the rest takes. */
const LEAST_PROGRESS = 0.02

export function runSummary(run: RunState, live: Pick<Live, 'frame' | 'node'>): SummaryPart[] {
  const total = (run.endedAt ?? 0) - run.startedAt
  if (run.phase === 'done') return [{ before: 'done in', value: duration(total) }]
  // Why it failed is told where there is room: in the banner.
  if (run.phase === 'failed') return [{ before: 'failed after', value: duration(total) }]
  if (run.phase === 'stopped') return [{ before: 'stopped after', value: duration(total) }]

  const word = run.phase === 'stopping' ? 'stopping' : 'running'
  const { frame } = live
  if (!frame) return [{ before: word }]
  const nodesOf = (kind: string) =>
    run.plan.nodes.filter((node) => node.kind === kind).map((node) => live.node(node.id))
  const sources = nodesOf('generator')
  const rateOf = (nodes: typeof sources) => nodes.reduce((sum, node) => sum + (node?.rate ?? 0), 0)
  // Once all is read, and while the sources are held up, what still moves is what arrives.
  const rate = Math.max(rateOf(sources), rateOf(nodesOf('consumer')))
  const [number, unit] = splitRate(formatRate(rate))
  const parts: SummaryPart[] = [
    { before: word, value: duration(frame.elapsedMs) },
    { value: number, after: unit },
    ...(frame.memory > 0 ? [memoryPart(frame.memory)] : []),
  ]
  const left = timeLeft(sources, frame.elapsedMs)
  if (left !== null && run.phase === 'running')
    parts.push({ before: '≈', value: roughly(left), after: 'left' })
  return parts
}

/** What of a source tells how long the rest takes. */
export type SizedSource = Pick<LiveNode, 'progressDone' | 'progressTotal' | 'state' | 'out' | 'rate'>

/** ms until all sized sources are read, at their present pace; null where one has no size or nobody can tell. */
export function timeLeft(sources: readonly (SizedSource | undefined)[], elapsedMs: number): number | null {
  let longest: number | null = null
  for (const source of sources) {
    if (!source || source.state === 'done') continue
    if (source.progressTotal <= 0 || source.rate <= 0) return null
    const share = Math.min(1, source.progressDone / source.progressTotal)
    if (share < LEAST_PROGRESS) return null
    // A flow that filled its channels first and now waits for a slow node is slower than it was on average.
    const slower = (source.out * 1000) / elapsedMs / source.rate
    longest = Math.max(longest ?? 0, ((elapsedMs * (1 - share)) / share) * slower)
  }
  return longest
}

function memoryPart(memory: number): SummaryPart {
  const [value, unit] = bytes(memory).split('\u2009')
  return { value, after: unit }
}

function splitRate(text: string): [string, string] {
  return [text.replace(/\u2009?\/s$/, ''), 'records/s']
}
