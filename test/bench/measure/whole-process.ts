/** Runs one program from start to end and measures it: wall time, processor time and peak memory. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ProcessRun {
  seconds: number
  /** Of user and system, all processes together; null where it cannot be known. */
  cpuSeconds: number | null
  /** Of the largest process; null where it cannot be known. */
  peakBytes: number | null
  /** Null where a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
  timedOut: boolean
}

export interface ProcessOptions {
  argv: string[]
  cwd: string
  env?: Record<string, string>
  /** The program and what it has started are killed after that. */
  timeoutMs: number
}

/**
 * What a machine may set for every Node program, and what belongs to no measurement: with more certificates, Node reads
 * and parses all of them at each start, 40 ms of a run, whether or not it ever speaks to anyone.
 */
const OF_THE_MACHINE = { NODE_EXTRA_CA_CERTS: undefined, NODE_OPTIONS: undefined }

const TIME = '/usr/bin/time'
/** Answers are a few lines; more than this is no answer. */
const MAX_OUTPUT = 16 * 1024 * 1024
/** What runs now; it would outlive the bench, being a group of its own. */
const running = new Set<number>()
const HAS_GNU_TIME = process.platform === 'linux' && existsSync(TIME)

/** Ends what is running, with all that it has started. */
export function endRunning(): void {
  for (const group of running) process.kill(-group, 'SIGKILL')
  running.clear()
}

/**
 * GNU time is asked for memory and processor time. It also keeps the bench's own size out of the number: Linux hands
 * the peak of a process that forks on to its child, and `time` is small. Wall time is taken here, as `time` rounds to
 * hundredths of a second; its own start adds a millisecond, to all contenders alike.
 */
export async function runProcess({ argv, cwd, env = {}, timeoutMs }: ProcessOptions): Promise<ProcessRun> {
  const report = join(tmpdir(), `weir-bench-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const [program, ...args] = HAS_GNU_TIME ? [TIME, '-q', '-f', '%M %U %S', '-o', report, ...argv] : argv
  const began = process.hrtime.bigint()
  // A group of its own, so that a time-out ends a shell together with what it has started.
  const child = spawn(program!, args, {
    cwd,
    env: { ...process.env, ...OF_THE_MACHINE, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) running.add(child.pid)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, timeoutMs)
  const stdout = gather(child.stdout)
  const stderr = gather(child.stderr)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => {
    clearTimeout(timer)
    if (child.pid !== undefined) running.delete(child.pid)
  })
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const usage = HAS_GNU_TIME ? readUsage(report) : null
  return { seconds, code, stdout: stdout(), stderr: stderr(), timedOut, ...(usage ?? NO_USAGE) }
}

/** Several of the same at the same time, from the start of the first to the end of the last. */
export async function runTogether(options: ProcessOptions, count: number): Promise<ProcessRun> {
  const runs = await Promise.all(Array.from({ length: count }, () => runProcess(options)))
  const sum = (values: (number | null)[]) =>
    values.reduce((all, value) => (all === null || value === null ? null : all + value), 0)
  return {
    ...(runs.find(({ code }) => code !== 0) ?? runs[0]!),
    seconds: Math.max(...runs.map(({ seconds }) => seconds)),
    cpuSeconds: sum(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peakBytes: sum(runs.map(({ peakBytes }) => peakBytes)),
  }
}

const NO_USAGE = { peakBytes: null, cpuSeconds: null }

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_OUTPUT) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

function readUsage(path: string): Pick<ProcessRun, 'peakBytes' | 'cpuSeconds'> | null {
  if (!existsSync(path)) return null
  const words = readFileSync(path, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number)
  rmSync(path)
  const [kibibytes, user, system] = words
  if (words.length !== 3 || words.some(Number.isNaN)) return null
  return { peakBytes: kibibytes! * 1024, cpuSeconds: user! + system! }
}
