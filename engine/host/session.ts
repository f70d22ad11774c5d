/**
 * One client's view of the engine: its current run, the frames it gets, the questions it asks. A session outlives
 * its connection for a while, so that a reloaded window finds its run again.
 */
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeSnippets } from '../flow/code.ts'
import type { Flow } from '../flow/model.ts'
import { hasErrors, problemText } from '../flow/problem.ts'
import { readFlow } from '../flow/read.ts'
import { validateFlow } from '../flow/validate.ts'
import { writeFlow } from '../flow/write.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { AccessError } from './access-error.ts'
import type { Connection, Handlers } from './connection.ts'
import type { FileAccess } from './file-access.ts'
import { LogBuffer } from './log-buffer.ts'
import { FRAME_RATE, PROTOCOL_VERSION } from './protocol.ts'
import type { CodeSnippet, LogLine, Replies, RunState } from './protocol.ts'
import { startRun } from './run-host.ts'
import type { RunHandle } from './run-host.ts'
import { usualLimits } from './usual-limits.ts'
import { SAMPLE_TABLE, sampleFlow } from './sample-flow.ts'
import { sniff } from './sniff.ts'
import type { TrustStore } from './trust.ts'

/** What all sessions of one engine share. */
export interface EngineParts {
  workerUrl: URL
  registry: Registry
  trust: TrustStore
  version: string
  /** Present only where the session may list, read and write documents itself (`weir serve`). */
  files?: FileAccess
  /** Absolute path of the flow to open first. */
  open?: string
  /** Heap of a run's worker at most, in MB. */
  heapLimitMb?: number
}

/** A trial run that takes longer shows what it has by then. */
const SAMPLE_MS = 1500

export class Session {
  readonly #parts: EngineParts
  readonly #log = new LogBuffer()
  #connection: Connection | undefined
  #run: RunHandle | undefined
  #timer: NodeJS.Timeout | undefined
  /** The frame that waits for its acknowledgement. */
  #unacknowledged: number | undefined
  /** The last frame of an ended run was sent. */
  #finalSent = true

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  attach(connection: Connection): void {
    this.#connection = connection
    this.#unacknowledged = undefined
    this.#finalSent = false
    this.#watch()
  }

  /** True where the connection was this session's current one. */
  detach(connection: Connection): boolean {
    if (this.#connection !== connection) return false
    this.#connection = undefined
    this.#unwatch()
    return true
  }

  async close(): Promise<void> {
    this.#connection = undefined
    this.#unwatch()
    await this.#run?.dispose()
  }

  readonly handlers: Omit<Handlers, 'hello'> = {
    parse: ({ text }) => {
      const read = readFlow(text, this.#parts.registry)
      return { ...read, foreign: read.flow ? this.#foreign(read.flow, []) : [] }
    },
    check: ({ flow }) => ({ problems: validateFlow(flow, this.#parts.registry) }),
    format: ({ flow }) => ({ text: writeFlow(flow, this.#parts.registry) }),
    start: (params) => this.#start(params),
    trust: async ({ sources }) => {
      await this.#parts.trust.trust(sources)
      return { trusted: sources.length }
    },
    stop: ({ runId }) => this.#current(runId).stop(),
    ack: ({ seq }) => {
      if (this.#unacknowledged !== undefined && seq >= this.#unacknowledged) this.#unacknowledged = undefined
      return {}
    },
    tap: async ({ runId, edge, limit }) =>
      (await this.#current(runId).tap(edge, limit)) ?? busy(`the records of ${edge}`),
    rows: async ({ runId, node, offset, limit }) =>
      (await this.#current(runId).rows(node, offset, limit)) ?? busy(`the rows of ${node}`),
    sample: (params) => this.#sample(params),
    sniff: ({ path, baseDir }) => sniff(path, baseDir),
    listFolder: ({ path }) => this.#files().listFolder(path),
    readDocument: ({ path }) => this.#files().readDocument(path),
    writeDocument: ({ path, text, expectedMtimeMs }) =>
      this.#files().writeDocument(path, text, expectedMtimeMs),
  }

  async hello(): Promise<Replies['hello']> {
    const { registry, version, files, open } = this.#parts
    return {
      protocol: PROTOCOL_VERSION,
      version,
      descriptors: [...registry.values()].map(descriptorOf),
      run: this.#run?.state ?? null,
      files: files !== undefined,
      root: files?.root ?? process.cwd(),
      usual: usualLimits(),
      open: open === undefined ? null : await readOpened(open),
    }
  }

  async #start({
    flow,
    baseDir,
    own,
  }: {
    flow: Flow
    baseDir: string
    own: string[]
  }): Promise<Replies['start']> {
    const { registry, trust, workerUrl, heapLimitMb } = this.#parts
    const problems = validateFlow(flow, registry)
    if (hasErrors(problems)) return { ok: false, why: 'problems', problems }
    const code = this.#foreign(flow, own)
    if (code.length > 0) return { ok: false, why: 'consent', code }
    if (this.#run?.state.phase === 'running' || this.#run?.state.phase === 'stopping') {
      throw new AccessError('busy', 'A run is still going on.', 'Stop it first.')
    }
    // What the user typed and ran here needs no question when the saved file is opened again.
    await trust.trust(own.filter((source) => !trust.isTrusted(source))).catch(() => {})
    await this.#run?.dispose()
    const run = startRun({
      flow,
      baseDir: resolve(baseDir),
      workerUrl,
      heapLimitMb,
      print: (text) => this.#print(text),
      log: (lines) => this.#log.add(lines),
      changed: (state) => this.#changed(state),
    })
    this.#run = run
    this.#unacknowledged = undefined
    this.#finalSent = false
    this.#log.add([{ time: Date.now(), level: 'info', text: `Started ${flow.name}.` }])
    this.#watch()
    return { ok: true, run: run.state }
  }

  /** Code that neither the user typed here nor agreed to before. */
  #foreign(flow: Flow, own: readonly string[]): CodeSnippet[] {
    const typed = new Set(own)
    return codeSnippets(flow, this.#parts.registry).filter(
      ({ source }) => !typed.has(source) && !this.#parts.trust.isTrusted(source),
    )
  }

  #changed(state: RunState): void {
    if (state.phase === 'done' || state.phase === 'stopped' || state.phase === 'failed') {
      const took = ((state.endedAt ?? state.startedAt) - state.startedAt) / 1000
      const line: LogLine = state.error
        ? {
            time: Date.now(),
            level: 'error',
            text: `Failed after ${took.toFixed(1)} s${placeText(state.error)}: ${withStop(state.error.message)} ${state.error.remedy}`,
            ...(state.error.at.node !== undefined && { node: state.error.at.node }),
          }
        : {
            time: Date.now(),
            level: 'info',
            text: `${state.phase === 'done' ? 'Done' : 'Stopped'} after ${took.toFixed(1)} s.`,
          }
      this.#log.add([line])
    }
    this.#sendLog(state.runId)
    // The last totals go first, so that a client that sees the end has them.
    if (state.phase !== 'running' && state.phase !== 'stopping') this.#beat()
    this.#connection?.send('run', state)
  }

  #print(text: string): void {
    const time = Date.now()
    const lines = text.replace(/\n$/, '').split('\n')
    this.#log.add(lines.map((line) => ({ time, level: 'output' as const, text: line })))
  }

  #watch(): void {
    if (this.#timer || !this.#connection || !this.#run) return
    this.#timer = setInterval(() => this.#beat(), 1000 / FRAME_RATE)
  }

  #unwatch(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Sends the latest totals, unless the last ones are still unacknowledged; stops once the last ones of the run are out. */
  #beat(): void {
    const run = this.#run
    if (!run || !this.#connection) return
    this.#sendLog(run.state.runId)
    if (this.#unacknowledged !== undefined) return
    const ended = run.state.endedAt !== undefined
    if (ended && this.#finalSent) return this.#unwatch()
    const frame = run.frame()
    this.#unacknowledged = frame.seq
    this.#finalSent = ended
    this.#connection.send('frame', frame)
  }

  #sendLog(runId: string): void {
    if (!this.#connection) return
    const lines = this.#log.take()
    if (lines.length > 0) this.#connection.send('log', { runId, lines })
  }

  async #sample(params: {
    flow: Flow
    node: string
    baseDir: string
    own: string[]
    limit: number
  }): Promise<Replies['sample']> {
    const { registry, workerUrl } = this.#parts
    const trial = sampleFlow(params.flow, params.node, registry)
    if (!trial) return { ok: false, why: 'problems', message: 'Nothing is wired into this node.' }
    const [problem] = validateFlow(trial, registry).filter(({ severity }) => severity === 'error')
    if (problem) return { ok: false, why: 'problems', message: problemText(problem) }
    if (this.#foreign(trial, params.own).length > 0) {
      return { ok: false, why: 'consent', message: 'The code upstream has not been agreed to yet.' }
    }
    const run = startRun({ flow: trial, baseDir: resolve(params.baseDir), workerUrl })
    try {
      const timer = setTimeout(() => void run.stop(), SAMPLE_MS)
      const { error } = await run.ended
      clearTimeout(timer)
      const reply = await run.rows(SAMPLE_TABLE, 0, params.limit)
      if (!reply || (error && reply.total === 0)) {
        return {
          ok: false,
          why: 'failed',
          message: error?.message ?? 'The trial run did not answer in time.',
        }
      }
      return { ok: true, records: reply.rows, fields: reply.fields }
    } finally {
      void run.dispose()
    }
  }

  #current(runId: string): RunHandle {
    if (this.#run?.state.runId === runId) return this.#run
    throw new AccessError('not-found', 'That run is gone.', 'Run the flow again.')
  }

  #files(): FileAccess {
    if (this.#parts.files) return this.#parts.files
    throw new AccessError('refused', 'This engine has no files of its own.', 'Use the open and save dialogs.')
  }
}

function placeText({ at }: NonNullable<RunState['error']>): string {
  if (at.line !== undefined) return ` at line ${at.line}`
  return at.recordNumber === undefined ? '' : ` at record ${at.recordNumber}`
}

function busy(what: string): never {
  throw new AccessError(
    'busy',
    `The run is too busy to show ${what}, or its memory is gone.`,
    'Try again, or run it again.',
  )
}

async function readOpened(path: string): Promise<Replies['hello']['open']> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    return { path, text, mtimeMs }
  } catch {
    return null
  }
}

/** Reasons come with or without their full stop. */
function withStop(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
