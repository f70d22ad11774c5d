/**
 * A node with `each` or `fold`: called batch by batch by whoever feeds it, without a queue. It calls the nodes
 * behind it in turn, so a stage is one loop, and its counts and taps stay exact.
 */
import { scriptLine, reasonOf } from '../spec/expression.ts'
import { codeFields } from '../spec/descriptor.ts'
import { descriptorOf } from '../spec/registry.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { NodeError } from '../spec/node-error.ts'
import type { AnyNodeType, Batch, DataRecord, Emit, ErrorRecord, Fold, Setup } from '../spec/node.ts'
import { NodeFailure } from './failure.ts'
import type { NodeMeters } from './meter.ts'
import { both } from './output-port.ts'
import type { OutputPort, Receiver } from './output-port.ts'
import { RuntimeNode } from './runtime-node.ts'
import type { RunOwner } from './runtime-node.ts'

/** Shared with the loop: whether more is wanted, and what a record threw. */
interface Want {
  more: boolean
  thrown: { error: unknown } | undefined
}

/** Runs `each` from index i on; returns the index where it ended, which is the record's own where one threw. */
type Loop = (batch: Batch, i: number, want: Want) => number

/**
 * Compiles a loop of its own for every node. One shared loop would call a different function for each node, and
 * V8 would inline none of them; this way each node's code and its loop become one.
 */
function compileLoop(each: (record: DataRecord, emit: Emit) => void, emit: Emit): Loop {
  return new Function(
    'each',
    'emit',
    `return (batch, i, want) => {
      const length = batch.length
      try {
        for (; i < length && want.more; i++) each(batch[i], emit)
      } catch (error) {
        want.thrown = { error }
      }
      return i
    }`,
  )(each, emit) as Loop
}

interface Bucket {
  port: OutputPort
  records: DataRecord[]
}

export class DirectNode extends RuntimeNode implements Receiver {
  #loop: Loop | undefined
  #fold: Fold<unknown> | undefined
  #state: unknown
  readonly #emit: Emit = {}
  readonly #buckets: Bucket[] = []
  #failures: ErrorRecord[] = []
  /** The node's only field of code: where an error in it belongs, unless the error says otherwise. */
  #codeField: string | undefined
  readonly #want: Want = { more: true, thrown: undefined }
  #ended = false
  #blockedSince = 0
  #startedAt = 0
  /** Set by the run: tells the feeding edge that no more is wanted. */
  onEnough: () => void = () => {}

  constructor(id: string, type: AnyNodeType, meters: NodeMeters, owner: RunOwner) {
    super(id, type, meters, owner)
    for (const [name, port] of this.outputs) {
      const bucket: Bucket = { port, records: [] }
      this.#buckets.push(bucket)
      this.#emit[name] = (record) => void bucket.records.push(record)
    }
  }

  get wantsMore(): boolean {
    return this.#want.more
  }

  /** Compiles the behaviour. Throws NodeFailure where the config does not allow it. */
  prepare(setup: Omit<Setup<Record<string, unknown>>, 'enough'>, now: number): void {
    this.#startedAt = now
    const full = { ...setup, enough: () => void (this.#want.more = false) }
    try {
      if (this.type.each) this.#loop = compileLoop(this.type.each(full), this.#emit)
      else this.#fold = this.type.fold!(full)
      this.#state = this.#fold?.init()
    } catch (error) {
      throw new NodeFailure(this.id, error)
    }
    const code = codeFields(descriptorOf(this.type).config, setup.config)
    if (code.length === 1) this.#codeField = code[0]!.path
  }

  accept(batch: Batch): void | Promise<void> {
    if (this.#ended) {
      this.meters.add('in', batch.length)
      this.meters.add('dropped', batch.length)
      return
    }
    const start = performance.now()
    const before = this.meters.get('in')
    this.meters.setState('running')
    const done = this.#loop ? this.#runEach(batch, before) : this.#runFold(batch, before)
    this.meters.add('in', batch.length)
    // take has enough in the middle of a batch: the rest of it is dropped, as it asked for.
    if (done < batch.length) this.meters.add('dropped', batch.length - done)
    this.meters.add('busyMs', performance.now() - start)
    const pending = this.#flush()
    const rest = this.#want.more
      ? pending
      : both(pending as Promise<unknown> | undefined, this.#finishEarly())
    return rest ? this.#blocked(rest as Promise<unknown>) : undefined
  }

  end(): void | Promise<void> {
    if (this.#ended) return
    this.#ended = true
    if (this.owner.failed) return
    const pending = this.#fold ? this.#finishFold(this.#fold) : undefined
    if (pending) return pending.then(() => this.#close())
    return this.#close()
  }

  endEarly(): void {
    this.#want.more = false
    this.onEnough()
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

  /** Returns how many records were looked at. */
  #runEach(batch: Batch, before: number): number {
    const want = this.#want
    const length = batch.length
    let i = 0
    while (i < length && want.more) {
      i = this.#loop!(batch, i, want)
      const { thrown } = want
      if (thrown === undefined) continue
      want.thrown = undefined
      this.#failed(thrown.error, batch[i], before + i + 1)
      i++
    }
    return i
  }

  #runFold(batch: Batch, before: number): number {
    const fold = this.#fold!
    const state = this.#state
    const length = batch.length
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) fold.add(state, batch[i])
      } catch (error) {
        this.#failed(error, batch[i], before + i + 1)
        i++
      }
    }
    return i
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
    for (const bucket of this.#buckets) {
      const { records, port } = bucket
      if (records.length === 0) continue
      bucket.records = []
      if (records.length <= BATCH_RECORDS) pending = both(pending, port.send(records))
      else {
        for (let from = 0; from < records.length; from += BATCH_RECORDS) {
          pending = both(pending, port.send(records.slice(from, from + BATCH_RECORDS)))
        }
      }
    }
    if (this.#failures.length > 0) {
      const failures = this.#failures
      this.#failures = []
      pending = both(pending, this.reject(failures))
    }
    return pending
  }

  #finishEarly(): void | Promise<void> {
    this.onEnough()
    return this.end()
  }

  async #finishFold(fold: Fold<unknown>): Promise<void> {
    const start = performance.now()
    const port = this.outputs.get('out')!
    let batch: DataRecord[] = []
    let busySince = start
    const send = async (records: DataRecord[]) => {
      this.meters.add('busyMs', performance.now() - busySince)
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
    if (pending) return pending.then(() => this.meters.setState('done'))
    this.meters.setState('done')
  }

  async #blocked(pending: Promise<unknown>): Promise<void> {
    this.meters.setState('blocked')
    this.#blockedSince = performance.now()
    await pending
    const now = performance.now()
    this.meters.add('blockedMs', now - this.#blockedSince)
    this.#blockedSince = 0
    this.meters.setState('running')
  }
}
