/**
 * A node that drives itself: `run` with async iterables in and `send` out. Its time is split into working, waiting
 * (for input or its own sleep) and blocked (no room downstream). The same class drives a direct node that heads a
 * stage because several wires come in.
 */
import type {
  AnyNodeType,
  Batch,
  Cede,
  Clock,
  EncodedBatch,
  Memory,
  NodeIo,
  Output,
  ResultSink,
  RunContext,
} from '../spec/node.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { BatchPace } from './batch-pace.ts'
import type { Spread } from '../spec/shared-work.ts'
import type { Queued } from './channel.ts'
import { EndEarly, RecordFailure, RunFailed } from './failure.ts'
import type { Inbox } from './inbox.ts'
import type { NodeMeters } from './meter.ts'
import type { OutputPort } from './output-port.ts'
import { overShares } from './over-shares.ts'
import type { Pacer } from './pacer.ts'
import { RuntimeNode } from './runtime-node.ts'
import type { RunOwner } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

type Phase = 'running' | 'waiting' | 'blocked'
const COLUMN = { running: 'busyMs', waiting: 'waitingMs', blocked: 'blockedMs' } as const

export interface RunNodeParts {
  clock: Clock
  io: NodeIo
  memory: Memory
  pacer: Pacer
  result: ResultSink
  owner: RunOwner
  /** Where it does shares of a source: these. */
  shares?: AsyncIterable<unknown>
  /** Where it takes a share of one input beside a copy of another. */
  spread?: Spread & {
    /** It is the first to do so, who tells of the copy. */
    isFirst: boolean
    /** Called when it has read all of the copy. */
    wasRead(): void
  }
}

export class RunNode extends RuntimeNode {
  readonly inboxes = new Map<string, Inbox>()
  /** What it reads in place of its input, where part workers have encoded the records. */
  encoded: Inbox<EncodedBatch> | undefined
  readonly #abort = new AbortController()
  readonly #parts: RunNodeParts
  #early: EndEarly | undefined
  /** Laid by a source, for the share at hand. */
  #cede: Cede | undefined
  #phase: Phase = 'running'
  #since = 0
  #settled = false
  /** Records that it was given, but for those of which others have a copy. */
  came = 0
  /** It has asked for a batch. */
  hasRead = false
  /** Direct nodes of the stage: they wait when their head waits. */
  stage: RuntimeNode[] = []

  constructor(id: string, type: AnyNodeType, meters: NodeMeters, parts: RunNodeParts) {
    super(id, type, meters, parts.owner)
    this.#parts = parts
  }

  /** Runs to its end; never rejects: a failure goes to the run. */
  async start(config: Record<string, unknown>): Promise<void> {
    this.#since = performance.now()
    this.meters.setState('running')
    this.meters.runs()
    try {
      await this.type.run!(this.#context(config))
    } catch (error) {
      this.#caught(error)
    }
    for (const inbox of this.inboxes.values()) inbox.leave()
    this.encoded?.leave()
    this.#switch('running')
    this.#settled = true
    try {
      if (!this.owner.failed) await this.endOutputs()
    } catch (error) {
      this.#caught(error)
    }
    this.meters.setState(this.owner.endState)
  }

  /** Ends the node: nobody downstream wants more, or the run is stopped or has failed. */
  endEarly(reason = 'nobody downstream wants more'): void {
    if (this.#early) return
    this.#early = new EndEarly(reason)
    this.#abort.abort(this.#early)
  }

  /** Gives the end of the share at hand to another worker, if there is as much of it left. */
  cede(least: number): unknown | undefined {
    return this.#early || this.#settled ? undefined : this.#cede?.(least)
  }

  tick(now: number): void {
    if (!this.#settled && this.#since > 0 && this.#phase !== 'running') this.#account(now)
  }

  /** An end that was asked for is no failure, whatever error carried it up. */
  #caught(error: unknown): void {
    if (error instanceof RunFailed || (this.owner.failed && error instanceof RecordFailure)) return
    const name = (error as { name?: unknown } | null)?.name
    if (this.#early && (error === this.#early || name === 'AbortError')) return
    this.failWith(error)
  }

  /** Whether others have a copy of what comes by this port. */
  #isCopied(port: string): boolean {
    return this.#parts.spread?.whole === port
  }

  #context(config: Record<string, unknown>): RunContext<Record<string, unknown>> {
    const { clock, io, memory, result, shares } = this.#parts
    let rejected = 0
    return {
      node: this.id,
      config,
      io,
      memory,
      signal: this.#abort.signal,
      enough: () => this.inboxes.forEach((inbox) => inbox.leave()),
      clock: {
        now: () => clock.now(),
        sleep: async (ms, signal) => {
          this.#switch('waiting')
          try {
            await clock.sleep(ms, signal)
          } finally {
            this.#switch('running')
          }
        },
      },
      input: Object.fromEntries(
        [...this.inboxes].map(([port, inbox]) => [port, this.#iterate(inbox, this.#isCopied(port))]),
      ),
      isCopy: (port) => this.#isCopied(port) && !this.#parts.spread!.isFirst,
      output: Object.fromEntries([...this.outputs].map(([port, output]) => [port, this.#output(output)])),
      reject: (failure) => {
        rejected++
        stopwatch.read()
        return this.reject([{ node: this.id, ...failure, number: failure.number || rejected }])
      },
      tell: (text) => io.log(this.id, text),
      addBytes: (bytes) => this.meters.add('bytes', bytes),
      progress: (done, total) => {
        this.meters.set('progressDone', done)
        this.meters.set('progressTotal', total)
      },
      cedes: (cede) => void (this.#cede = cede),
      result,
      ...(shares &&
        overShares({
          shares,
          meters: this.meters,
          switchTo: (phase) => this.#switch(phase),
          through: () => (this.#cede = undefined),
        })),
      ...(this.encoded && { encoded: this.#iterate(this.encoded) }),
    }
  }

  #output(port: OutputPort): Output {
    const pace = new BatchPace()
    return {
      get batchRecords() {
        return port.isDirect ? pace.records : BATCH_RECORDS
      },
      send: (batch) => this.#send(port, pace, batch),
    }
  }

  #send(output: OutputPort, pace: BatchPace, batch: Batch): void | Promise<void> {
    if (this.#early) {
      this.meters.add('dropped', batch.length)
      throw this.#early
    }
    const begun = stopwatch.read()
    this.#account(begun)
    pace.sends(begun)
    const pending = output.send(batch)
    this.meters.runs()
    if (this.#early) throw this.#early
    const { now } = stopwatch
    // What the nodes behind did in between is their time, not this node's.
    this.#since = now
    if (pending) {
      pace.waits()
      return this.#until(pending, 'blocked')
    }
    const turn = this.#parts.pacer.due(now)
    if (!turn) return
    pace.rests()
    return this.#turn(turn)
  }

  async #until(pending: Promise<unknown>, phase: Phase): Promise<void> {
    this.#switch(phase)
    await pending
    this.#switch('running')
    if (this.#early) throw this.#early
  }

  async #turn(turn: Promise<void>): Promise<void> {
    await turn
    this.#since = performance.now()
    if (this.#early) throw this.#early
  }

  #iterate<Item extends Queued>(inbox: Inbox<Item>, isCopied = false): AsyncIterable<Item> {
    const counts = !isCopied || this.#parts.spread!.isFirst
    return {
      [Symbol.asyncIterator]: () => ({
        next: async (): Promise<IteratorResult<Item, undefined>> => {
          this.hasRead = true
          let batch = inbox.next()
          if (batch instanceof Promise) {
            this.#switch('waiting')
            try {
              batch = await batch
            } finally {
              this.#switch('running')
            }
          } else {
            const now = performance.now()
            this.#account(now)
            const turn = this.#parts.pacer.due(now)
            if (turn) {
              await turn
              this.#since = performance.now()
            }
          }
          if (!batch) {
            if (isCopied) this.#parts.spread!.wasRead()
            return { done: true, value: undefined }
          }
          if (counts) this.meters.add('in', batch.length)
          if (!isCopied) this.came += batch.length
          this.meters.runs()
          return { done: false, value: batch }
        },
        return: async (): Promise<IteratorResult<Item, undefined>> => {
          inbox.leave()
          return { done: true, value: undefined }
        },
      }),
    }
  }

  #switch(phase: Phase): void {
    if (phase === 'running') this.meters.runs()
    this.#account(performance.now())
    if (phase === this.#phase) return
    this.#phase = phase
    this.meters.setState(phase)
    if (phase === 'blocked') return
    for (const node of this.stage) if (node.meters.get('in') > 0) node.meters.setState(phase)
  }

  #account(now: number): void {
    this.meters.add(COLUMN[this.#phase], now - this.#since)
    this.#since = now
  }
}

/** Reason of an early end by Stop; the node is then shown as stopped rather than done. */
export const STOPPED = 'the run was stopped'
