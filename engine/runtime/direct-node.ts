/**
 * A node with `each` or `fold`: called batch by batch by whoever feeds it, without a queue. It calls the nodes
 * behind it in turn, so a stage is one loop, and its counts and taps stay exact.
 */
import { scriptLine, reasonOf } from '../spec/expression.ts'
import { codeFields } from '../spec/descriptor.ts'
import { descriptorOf } from '../spec/registry.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { NodeError } from '../spec/node-error.ts'
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Batch, DataRecord, ErrorRecord, Fold, Setup } from '../spec/node.ts'
import { NodeFailure } from './failure.ts'
import { compileEach, compileFold } from './loop.ts'
import type { Failed, Loop, LoopOutput } from './loop.ts'
import { both } from './output-port.ts'
import type { OutputPort, Receiver } from './output-port.ts'
import { RuntimeNode } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

export class DirectNode extends RuntimeNode implements Receiver {
  readonly direct = true
  #loop: Loop | undefined
  #fold: Fold<unknown> | undefined
  #state: unknown
  #outputs: LoopOutput[] = []
  #ports: OutputPort[] = []
  #failures: ErrorRecord[] = []
  /** The node's only field of code: where an error in it belongs, unless the error says otherwise. */
  #codeField: string | undefined
  readonly #want = { more: true }
  /** Records that came before the batch at hand. */
  #before = 0
  #ended = false
  /** Feeders that have ended. */
  #feedersEnded = 0
  /** Sends that wait for room behind this node, and since when. */
  #blocking = 0
  #blockedSince = 0
  #startedAt = 0
  /** Laid by the run, one for each wire in: tells its sender that no more is wanted. */
  readonly feeders: (() => void)[] = []
  #packed: ((state: unknown) => void) | undefined

  /** Records that have come so far. */
  get came(): number {
    return this.#before
  }

  get wantsMore(): boolean {
    return this.#want.more
  }

  /**
   * Compiles the behaviour, once the edges are laid. Throws NodeFailure where the config does not allow it.
   * @param packed takes what a fold holds at the end, where it is one part of several and makes no records itself
   */
  prepare(
    given: Omit<Setup<Record<string, unknown>>, 'enough'>,
    now: number,
    packed?: (state: unknown) => void,
  ): void {
    this.#startedAt = now
    this.#packed = packed
    const setup = { ...given, enough: () => void (this.#want.more = false) }
    const failed: Failed = (error, record, index) => this.#failed(error, record, this.#before + index + 1)
    // What fails leaves by `reject`, not through the loop.
    const outputs = [...this.outputs].filter(([name]) => name !== ERROR_PORT_NAME)
    this.#ports = outputs.map(([, port]) => port)
    this.#outputs = outputs.map(([name, { isWired }]) => ({ name, wired: isWired, records: [], count: 0 }))
    try {
      if (this.type.each) {
        this.#loop = compileEach(this.type, { setup, outputs: this.#outputs, want: this.#want, failed })
      } else {
        this.#fold = this.type.fold!(setup)
        this.#state = this.#fold.init()
        this.#loop = compileFold(this.#fold, this.#state, failed)
      }
    } catch (error) {
      throw new NodeFailure(this.id, error)
    }
    const code = codeFields(descriptorOf(this.type).config, setup.config)
    if (code.length === 1) this.#codeField = code[0]!.path
  }

  accept(batch: Batch): void | Promise<void> {
    const { metered } = this.owner
    if (this.#ended) {
      if (metered) {
        this.meters.add('in', batch.length)
        this.meters.add('dropped', batch.length)
      }
      return
    }
    // Whoever sends has just read it.
    const start = stopwatch.now
    this.meters.setState('running')
    const done = this.#loop!(batch)
    this.#before += batch.length
    if (metered) {
      this.meters.add('in', batch.length)
      // take has enough in the middle of a batch: the rest of it is dropped, as it asked for.
      if (done < batch.length) this.meters.add('dropped', batch.length - done)
      this.meters.add('busyMs', stopwatch.read() - start)
    }
    const pending = this.#flush()
    const rest = this.#want.more
      ? pending
      : both(pending as Promise<unknown> | undefined, this.#finishEarly())
    return rest ? this.#blocked(rest as Promise<unknown>) : undefined
  }

  end(): void | Promise<void> {
    // The first of several wires to end is not the last.
    if (++this.#feedersEnded < this.feeders.length) return
    return this.#finish()
  }

  #finish(): void | Promise<void> {
    if (this.#ended) return
    this.#ended = true
    if (this.owner.failed) return
    const pending = this.#fold ? this.#endFold(this.#fold) : undefined
    if (pending) return pending.then(() => this.#close())
    return this.#close()
  }

  endEarly(): void {
    this.#want.more = false
    this.#tellFeeders()
  }

  tick(now: number): void {
    if (this.#blockedSince > 0) {
      this.meters.add('blockedMs', now - this.#blockedSince)
      this.#blockedSince = now
    }
    if (!this.#ended) {
      const busy = this.meters.get('busyMs') + this.meters.get('blockedMs')
      this.meters.set('waitingMs', Math.max(0, now - this.#startedAt - busy))
    }
  }

  #failed(error: unknown, record: DataRecord, number: number): void {
    if (error instanceof NodeError) {
      const failure = new NodeFailure(this.id, error)
      this.failWith(failure)
      throw failure
    }
    const line = scriptLine(error)
    const named = (error as { field?: unknown } | null)?.field
    const field = typeof named === 'string' ? named : this.#codeField
    const reason = line === undefined ? reasonOf(error) : `${reasonOf(error)} (line ${line} of the script)`
    this.#failures.push({ reason, node: this.id, record, number, ...(field !== undefined && { field }) })
  }

  /** Hands on what the batch made. */
  #flush(): void | Promise<unknown> {
    let pending: Promise<unknown> | undefined
    for (let at = 0; at < this.#outputs.length; at++) {
      const output = this.#outputs[at]!
      if (output.count === 0) continue
      if (output.wired) pending = both(pending, this.#send(this.#ports[at]!, output.records))
      else if (this.owner.metered) this.meters.add('dropped', output.count)
      output.records = []
    }
    if (this.#failures.length > 0) {
      const failures = this.#failures
      this.#failures = []
      pending = both(pending, this.reject(failures))
    }
    return pending
  }

  /** A batch may have grown on the way through: it leaves in pieces of the right size. */
  #send(port: OutputPort, records: Batch): void | Promise<unknown> {
    if (records.length <= BATCH_RECORDS) return port.send(records)
    let pending: Promise<unknown> | undefined
    for (let from = 0; from < records.length; from += BATCH_RECORDS) {
      pending = both(pending, port.send(records.slice(from, from + BATCH_RECORDS)))
    }
    return pending
  }

  #finishEarly(): void | Promise<void> {
    this.#tellFeeders()
    return this.#finish()
  }

  #tellFeeders(): void {
    for (const tell of this.feeders) tell()
  }

  #endFold(fold: Fold<unknown>): void | Promise<void> {
    if (!this.#packed) return this.#finishFold(fold)
    const start = performance.now()
    try {
      this.#packed(fold.pack!(this.#state))
    } catch (error) {
      this.failWith(error)
      throw error
    }
    this.#state = undefined
    this.meters.add('busyMs', stopwatch.read() - start)
  }

  async #finishFold(fold: Fold<unknown>): Promise<void> {
    const start = performance.now()
    const port = this.outputs.get('out')!
    let batch: DataRecord[] = []
    let busySince = start
    const send = async (records: DataRecord[]) => {
      this.meters.add('busyMs', stopwatch.read() - busySince)
      const room = port.send(records)
      if (room) await this.#blocked(room)
      busySince = performance.now()
    }
    let records: Iterable<DataRecord>
    try {
      records = fold.finish(this.#state)
      for (const record of records) {
        batch.push(record)
        if (batch.length < BATCH_RECORDS) continue
        await send(batch)
        batch = []
        // Nobody wants the rest, or the run is over.
        if (!this.#want.more || this.owner.failed) return
      }
    } catch (error) {
      this.failWith(error)
      throw error
    }
    await send(batch)
    this.#state = undefined
  }

  #close(): void | Promise<void> {
    const pending = this.endOutputs()
    if (pending) return pending.then(() => this.meters.setState(this.owner.endState))
    this.meters.setState(this.owner.endState)
  }

  async #blocked(pending: Promise<unknown>): Promise<void> {
    this.meters.setState('blocked')
    // Several wires may bring batches while the first of them waits: the time counts once.
    if (this.#blocking++ === 0) this.#blockedSince = performance.now()
    await pending
    if (--this.#blocking > 0) return
    const now = performance.now()
    this.meters.add('blockedMs', now - this.#blockedSince)
    this.#blockedSince = 0
    this.meters.setState('running')
  }
}
