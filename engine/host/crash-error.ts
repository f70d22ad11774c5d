/** What people are told when a thread of a run died. */
import type { Plan, RunError } from './protocol.ts'

export interface Crash {
  /** Of the thread that died. */
  heapLimitMb: number
  /** What it worked on, where it did shares of stages only; none for the thread that runs the flow. */
  nodes: readonly string[]
  /** The node whose code it ran last, where that is known; of nodes that share a loop it may be the first. */
  last: string | undefined
  plan: Plan
}

/** Names in a message; more are counted. */
const MOST_NAMES = 6

export function crashError(error: Error, { heapLimitMb, nodes, last, plan }: Crash): RunError {
  const worker = nodes.length > 0
  const stage = plan.stages.find((one) => last !== undefined && one.nodes.includes(last))?.nodes ?? []
  const node = worker && (last === undefined || !nodes.includes(last)) ? nodes[0] : last
  const at = node === undefined ? {} : { node }
  const who = worker ? `A worker of ${namesOf(nodes)}` : 'The run'
  const when = worker || stage.length === 0 ? '' : ` while it worked on ${namesOf(stage)}`
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      code: 'memory',
      message: `${who} needed more than ${heapLimitMb} MB${when} and was ended.`,
      remedy: worker
        ? 'Group, take or filter earlier, or run the flow with fewer workers, of which each may then hold more.'
        : 'Group, take or filter earlier, so that less is held at once.',
      at,
    }
  }
  return {
    code: 'crashed',
    message: `${who} died${when}: ${error.message}.`,
    remedy: 'Run it again; if it happens again, please report it with the flow that shows it.',
    at,
  }
}

function namesOf(nodes: readonly string[]): string {
  const names = nodes.slice(0, MOST_NAMES).map((id) => `“${id}”`)
  const more = nodes.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
