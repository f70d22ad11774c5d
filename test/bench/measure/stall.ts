/** Watches a run that is held back, then stops it: how its memory grows, and how soon it ends. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { summaryOf } from './statistics.ts'
import type { Summary } from './statistics.ts'

/** In bytes and seconds. */
export interface StallFigures {
  growth: Summary
  stop: Summary
  peak: Summary
}

/** Watches it `runs` times. `argv` is `weir run --meters …`; throws where the run ends by itself. */
export async function watchStall(argv: string[], seconds: number, runs: number): Promise<StallFigures> {
  const growth: number[] = []
  const stop: number[] = []
  const peak: number[] = []
  for (let run = 0; run < runs; run++) {
    const watched = await watchOnce(argv, seconds)
    growth.push(growthOf(watched.memory))
    peak.push(Math.max(...watched.memory))
    stop.push(watched.stopSeconds)
  }
  return { growth: summaryOf(growth), stop: summaryOf(stop), peak: summaryOf(peak) }
}

/**
 * By how much the last third of the samples lies above the second, median against median: the first third is the
 * start, and a median passes over a collection that happens to be due.
 */
export function growthOf(memory: readonly number[]): number {
  const third = Math.floor(memory.length / 3)
  if (third === 0) throw new Error('Too few samples of memory: watch it for longer.')
  const middle = summaryOf(memory.slice(third, 2 * third)).median
  return summaryOf(memory.slice(2 * third)).median - middle
}

async function watchOnce(
  argv: string[],
  seconds: number,
): Promise<{ memory: number[]; stopSeconds: number }> {
  const [program, ...args] = argv
  const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const memory: number[] = []
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) memory.push((JSON.parse(line) as { memory: number }).memory)
    else said.push(line)
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  let timer: NodeJS.Timeout | undefined
  const watched = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, seconds * 1000, true)))
  const lasted = await Promise.race([watched, ended.then(() => false)])
  clearTimeout(timer)
  if (!lasted) throw new Error(`The run ended by itself: ${said.slice(-3).join(' ') || 'it said nothing'}`)
  const began = process.hrtime.bigint()
  child.kill('SIGTERM')
  await ended
  return { memory, stopSeconds: Number(process.hrtime.bigint() - began) / 1e9 }
}
