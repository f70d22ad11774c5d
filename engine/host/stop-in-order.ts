/**
 * Stops a run in good order: every thread is told, sources end, folds send what they can in a moment, consumers close.
 * Where a thread does not answer, or a consumer does not close, it says so, and the run is to be ended by force.
 */
import type { MeterPages } from '../runtime/meter.ts'
import type { Outcome } from '../runtime/run.ts'
import type { Plan } from './protocol.ts'
import type { RunThreads } from './run-threads.ts'
import type { ThreadWatch } from './thread-watch.ts'
import { within } from './within.ts'

/** How long code may keep a thread from answering: together with the end of the threads it is less than 200 ms. */
const ANSWER_MS = 120
/** Where the machine is busy with other things, a thread may be longer about its turn. */
const BUSY_ANSWER_MS = 500
const LOOK_MS = 20
/** Less processor time than that in the meantime, for each thread that is silent, means that it is. */
const LITTLE_WORK_MS = ANSWER_MS / 2
/** How long consumers may take to close their files after a stop was answered. */
const CLOSE_MS = 10_000

export interface StoppedRun {
  threads: RunThreads
  meters: MeterPages
  watch: ThreadWatch
  plan: Plan
  /** Settles when the run has ended. */
  ended: Promise<unknown>
}

/** Returns nothing when the run has ended, or why it does not. */
export async function stopInOrder(run: StoppedRun): Promise<string | undefined> {
  const { threads, meters, watch, plan, ended } = run
  const usedBefore = process.cpuUsage()
  meters.askStop()
  const silent = new Set<number>()
  const all = Promise.all(
    threads.stop().map(async (answer, thread) => {
      silent.add(thread)
      await answer
      silent.delete(thread)
    }),
  )
  // One that dies does not answer any more, and takes the run with it.
  const answers = Promise.any([all, ended])
  let answered = await within(ANSWER_MS, answers)
  for (let waited = ANSWER_MS; !answered && waited < BUSY_ANSWER_MS; waited += LOOK_MS) {
    // One that runs no node yet is still being started, and hears of the stop then.
    const isInCode = watch.runningOn([...silent]).length > 0
    if (isInCode && workSince(usedBefore) >= LITTLE_WORK_MS * silent.size) break
    answered = await within(LOOK_MS, answers)
  }
  if (!answered) {
    const stuck = watch.runningOn([...silent])
    const why = stuck.length > 0 ? ` ${nodesText(stuck)} had not come back from its code.` : ''
    return `The run did not answer and was stopped by force; its rows and unfinished files are gone.${why}`
  }
  if (await within(CLOSE_MS, ended)) return undefined
  const open = meters.atWork().flatMap((index) => plan.nodes[index]?.id ?? [])
  const why = open.length > 0 ? ` ${nodesText(open)} had not ended ${CLOSE_MS / 1000} s after the stop.` : ''
  return `The run was stopped by force; its rows and unfinished files are gone.${why}`
}

/** What is said of a fold that could not send all that it held. */
export function cutShortText({ node, records }: NonNullable<Outcome['cutShort']>[number]): string {
  const rest =
    records === undefined ? 'the rest was' : `${records} ${records === 1 ? 'record was' : 'records were'}`
  return `${nodesText([node])} was stopped before it had sent all that it held: ${rest} dropped.`
}

/** In ms, of all threads of the process together. */
function workSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function nodesText(nodes: readonly string[]): string {
  return `Node ${nodes.map((node) => `“${node}”`).join(' and ')}`
}
