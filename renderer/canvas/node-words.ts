/** The states of a node in words and signs, and the label that a screen reader says. */
import type { NodeState, Problem } from '../../engine/host/protocol.ts'
import { formatCount, formatPercent } from './format-numbers.ts'

/** Empty for `idle`: there is nothing to tell. */
const STATE_WORDS: Record<NodeState, string> = {
  idle: '',
  running: 'running',
  waiting: 'waiting for records',
  blocked: 'blocked by what follows',
  done: 'done',
  stopped: 'stopped',
  failed: 'failed',
}

export interface NodeSpeech {
  /** "Filter served". */
  name: string
  state: NodeState
  in: number
  out: number
  /** These two are estimates. */
  about?: boolean
  errors: number
  /** 0..1 of the fullest queue before it. */
  queue: number
  problems: number
  /** "kernel tier, 2 workers"; empty for the usual. */
  tier: string
}

/** "Filter served, running, 12 400 in, queue 80 % full". */
export function nodeLabel(speech: NodeSpeech): string {
  const { name, state, in: into, out, about, errors, queue, problems, tier } = speech
  const records = (count: number) => `${about ? 'about ' : ''}${formatCount(count)}`
  return [
    name,
    STATE_WORDS[state],
    into > 0 ? `${records(into)} in` : out > 0 ? `${records(out)} out` : '',
    queue > 0 ? `queue ${formatPercent(queue)} full` : '',
    errors > 0 ? `${formatCount(errors)} rejected` : '',
    tier,
    problems > 0 ? `${problems} ${problems === 1 ? 'problem' : 'problems'}` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** A tooltip: each problem with what to do, one a line. */
export function problemTitle(problems: readonly Problem[]): string {
  return problems.map(({ message, remedy }) => `${message} ${remedy}`.trim()).join('\n')
}
