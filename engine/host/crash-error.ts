/** What people are told when a thread of a run died. */
import type { Plan, RunError } from './protocol.ts'
import { UncaughtError } from './run-thread.ts'

export interface Crash {
  /** Of the thread that died. */
  heapLimitMb: number
  /** What it worked on, where it did shares of stages only; none for the thread that runs the flow. */
  nodes: readonly string[]
  /** The node whose code it ran last, where that is known; of nodes that share a loop it may be the first. */
  last: string | undefined
  plan: Plan
  /** The nodes that have code of users, in the order of the flow. */
  coded: readonly string[]
}

/** Names in a message; more are counted. */
const MOST_NAMES = 6

export function crashError(error: Error, crash: Crash): RunError {
  const { heapLimitMb, nodes, last, plan } = crash
  if (error instanceof UncaughtError && error.byCode && crash.coded.length > 0) return lateError(error, crash)
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

/**
 * The process took nearly all memory of the machine.
 * @param running the nodes whose code the threads run
 */
export function exhaustedError(
  mb: number,
  { running, coded }: { running: readonly string[]; coded: readonly string[] },
): RunError {
  const suspects = running.filter((node) => coded.includes(node))
  const [node] = suspects.length > 0 ? suspects : running
  const where = node === undefined ? '' : ` while it worked on “${node}”`
  return {
    code: 'memory',
    message: `The run took ${mb} MB${where}, nearly all memory that it may have, and was ended.`,
    remedy:
      'Buffers that code keeps are counted by no limit of a run: keep fewer of them, or take, filter or group earlier.',
    at: node === undefined ? {} : { node },
  }
}

/** A timer or a promise of a node's code failed; its stack names no node, so it is one of those that have code. */
function lateError(error: UncaughtError, { nodes, last, plan, coded }: Crash): RunError {
  const near = plan.stages.find((stage) => last !== undefined && stage.nodes.includes(last))?.nodes ?? nodes
  const those = coded.filter((node) => near.includes(node))
  const suspects = last !== undefined && coded.includes(last) ? [last] : those.length > 0 ? those : coded
  return {
    code: 'crashed',
    message: `Code of ${namesOf(suspects, ' or ')} failed after it had returned: ${error.message}.`,
    remedy:
      'It left a timer or a promise behind, which threw this. Code has to answer at once: take that out of it.',
    at: { node: suspects[0]! },
  }
}

function namesOf(nodes: readonly string[], comma = ', '): string {
  const names = nodes.slice(0, MOST_NAMES).map((id) => `“${id}”`)
  const more = nodes.length - names.length
  return more > 0 ? `${names.join(comma)} and ${more} more` : names.join(comma)
}
