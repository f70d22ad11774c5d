/** Runs contenders alternately: one warm-up of each, whose answers are compared, then A B C, A B C, …, or A B, B A, … */
import { dissenters } from './agreement.ts'
import type { Given } from './agreement.ts'
import { summaryOf } from './statistics.ts'
import type { Summary } from './statistics.ts'
import type { ProcessRun } from './whole-process.ts'

/** One that can be run and asked for its answer. */
export interface Runner {
  id: string
  /** Only runners of one group had the same work, and so have to give the same answer. */
  group: string
  /** False for one that only runs so that another's answer can be compared. */
  timed: boolean
  records: number
  run(): Promise<ProcessRun>
  /** What it found, in a form that is equal where the answers are. */
  answer(run: ProcessRun): Promise<string>
}

export type Outcome =
  | {
      outcome: 'measured'
      seconds: Summary
      rate: number
      peakBytes: number | null
      cpuSeconds: number | null
      /** Of each run, as in `seconds.samples`; empty where it cannot be known. */
      cpuSamples: number[]
    }
  | { outcome: 'wrong' | 'failed' | 'missing'; why: string }

type Trouble = Extract<Outcome, { why: string }>

export interface RaceOptions {
  runs: number
  /** The order is turned round in every second round: whatever a run leaves to the next one, both have it. */
  turned?: boolean
  told: (text: string) => void
}

/** Races them; one that fails, or whose answer is not that of the others, is told as such and not timed. */
export async function race(
  runners: readonly Runner[],
  { runs, turned = false, told }: RaceOptions,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>(await warmUp(runners, told))
  const samples = new Map<Runner, ProcessRun[]>()
  for (const runner of runners) if (runner.timed && !outcomes.has(runner.id)) samples.set(runner, [])
  for (let round = 0; round < runs; round++) {
    const inTurn = [...samples]
    if (turned && round % 2 === 1) inTurn.reverse()
    for (const [runner, taken] of inTurn) {
      if (outcomes.has(runner.id)) continue
      const run = await runner.run()
      const failure = failureOf(run)
      if (failure) outcomes.set(runner.id, failure)
      else taken.push(run)
    }
  }
  for (const [runner, taken] of samples) {
    if (!outcomes.has(runner.id)) outcomes.set(runner.id, measuredOf(runner, taken))
  }
  return outcomes
}

/** Runs each once; returns those that may not be timed. */
async function warmUp(
  runners: readonly Runner[],
  told: (text: string) => void,
): Promise<Map<string, Trouble>> {
  const troubles = new Map<string, Trouble>()
  const given: Given[] = []
  for (const runner of runners) {
    const run = await runner.run()
    const trouble = failureOf(run) ?? (await answerOf(runner, run, given))
    if (trouble) troubles.set(runner.id, trouble)
    told(`${runner.id}: ${trouble?.why ?? `${run.seconds.toFixed(2)} s`}`)
  }
  for (const [id, agreed] of dissenters(given)) {
    const answer = short(given.find((one) => one.id === id)!.answer)
    const others = agreed === null ? 'and no two agree' : `the others ${short(agreed)}`
    troubles.set(id, { outcome: 'wrong', why: `it answered ${answer}, ${others}` })
    told(`${id}: ${troubles.get(id)!.why}`)
  }
  return troubles
}

async function answerOf(runner: Runner, run: ProcessRun, given: Given[]): Promise<Trouble | null> {
  try {
    given.push({ id: runner.id, group: runner.group, answer: await runner.answer(run) })
    return null
  } catch (error) {
    return { outcome: 'wrong', why: `its answer cannot be read: ${(error as Error).message}` }
  }
}

function failureOf(run: ProcessRun): Trouble | null {
  if (run.timedOut) return { outcome: 'failed', why: 'it took too long and was ended' }
  if (run.code === 0) return null
  const said = run.stderr.trim().split('\n').slice(-3).join(' ').slice(0, 300)
  return { outcome: 'failed', why: `it ended with ${run.code ?? 'a signal'}: ${said}` }
}

function measuredOf(runner: Runner, taken: readonly ProcessRun[]): Outcome {
  const seconds = summaryOf(taken.map((run) => run.seconds))
  const peaks = taken.map(({ peakBytes }) => peakBytes).filter((peak) => peak !== null)
  const cpu = taken.map(({ cpuSeconds }) => cpuSeconds).filter((value) => value !== null)
  return {
    outcome: 'measured',
    seconds,
    rate: runner.records / seconds.median,
    peakBytes: peaks.length > 0 ? Math.max(...peaks) : null,
    cpuSeconds: cpu.length > 0 ? summaryOf(cpu).median : null,
    cpuSamples: cpu,
  }
}

function short(answer: string): string {
  const text = JSON.stringify(answer)
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
