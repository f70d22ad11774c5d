/**
 * A node with `each` or `fold`: called batch by batch by whoever feeds it, without a queue. It calls the nodes
 * behind it in turn, or shares one loop with them (`segment.ts`).
 */
import { NodeError } from '../spec/node-error.ts'
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Batch, DataRecord, ErrorRecord, Memory, Setup } from '../spec/node.ts'
import { BlockedTime } from './blocked-time.ts'
import { NodeFailure } from './failure.ts'
import { sendFold, type EndingNode } from './fold-end.ts'
import { onlyCodeField, reasonFor } from './refusal.ts'
import type { Folding } from './fused-members.ts'
import { compileCalls, compileFold, compileInline } from './loop.ts'
import type { Failed, Loop, LoopOutput } from './loop.ts'
import { nodeSource, type NodeSource } from './node-source.ts'
import { both } from './output-port.ts'
import type { EdgeLine, OutputPort, Receiver } from './output-port.ts'
import type { Pacer } from './pacer.ts'
import { RuntimeNode } from './runtime-node.ts'
import { Segment, type SegmentNode } from './segment.ts'
import { stopwatch } from './stopwatch.ts'

/** Takes what a fold holds at the end, where it is one part of several and makes no records itself. */
type HoldFold = (folding: Folding, node: EndingNode) => void

export class DirectNode extends RuntimeNode implements Receiver, SegmentNode {
  readonly direct = true
  source: NodeSource | undefined
  folding: Folding | undefined
  ports: OutputPort[] = []
  /** Records that came before the batch at hand, as far as they were counted. */
  seen = 0
  /** Time that it took for batches of its own, without those that went through a loop with others. */
  lookMs = 0
  /** The loop that begins here. */
  segment: Segment | undefined
  /** The loop that it is part of. */
  #within: Segment | undefined
  #loop: Loop | undefined
  #outputs: LoopOutput[] = []
  #failures: ErrorRecord[] = []
  /** The node's only field of code: where an error in it belongs, unless the error says otherwise. */
  #codeField: string | undefined
  /** `more`: input. One that has enough of it still sends what it holds. */
  readonly #want = { more: true }
  /** Nobody reads what it sends. */
  #unread = false
  #ended = false
  /** Feeders that have ended. */
  #feedersEnded = 0
  readonly #waits = new BlockedTime(this.meters)
  #startedAt = 0
  /** Laid by the run, one for each wire in: tells its sender that no more is wanted. */
  readonly feeders: (() => void)[] = []
  #held: HoldFold | undefined

  /** Records that have come so far. */
  get came(): number {
    this.#within?.flush()
    return this.seen
  }
  /** Laid by the run: gives the event loop a turn while a fold that holds much is finished. */
  pacer: Pacer | undefined
  #memory: Memory | undefined

  /** What its fold holds is worth being divided among workers. */
  get holdsMuch(): boolean {
    return this.folding?.fold.keyed?.isMuch(this.folding.state) ?? false
  }
  get wiresIn(): number {
    return this.feeders.length
  }
  get ended(): boolean {
    return this.#ended
  }
  get wantsMore(): boolean {
    return this.#want.more
  }

  /**
   * Compiles the behaviour, once the edges are laid. Throws NodeFailure where the config does not allow it.
   */
  prepare(given: Omit<Setup<Record<string, unknown>>, 'enough'>, now: number, held?: HoldFold): void {
    this.#startedAt = now
    this.#held = held
    this.#memory = given.memory
    const setup = { ...given, enough: () => void (this.#want.more = false) }
    const failed: Failed = (error, record, index) => this.refuse(error, record, this.seen + index + 1)
    // What fails leaves by `reject`, not through the loop.
    const outputs = [...this.outputs].filter(([name]) => name !== ERROR_PORT_NAME)
    this.ports = outputs.map(([, port]) => port)
    this.#outputs = outputs.map(([name, { isWired }]) => ({ name, wired: isWired, records: [], count: 0 }))
    try {
      const parts = { outputs: this.#outputs, want: this.#want, failed, thread: this.meters.mark.cells }
      if (this.type.eachSource) {
        const names = outputs.map(([name]) => name)
        this.source = nodeSource(this.type.eachSource, setup, names)
        this.#loop = compileInline(this.source, parts)
      } else if (this.type.each) {
        this.#loop = compileCalls(this.type.each(setup), parts)
      } else {
        const fold = this.type.fold!(setup)
        this.folding = { fold, state: fold.init() }
        this.#loop = compileFold(fold, this.folding.state, failed)
      }
    } catch (error) {
      throw new NodeFailure(this.id, error)
    }
    if (this.source || this.folding) this.headSegment(new Segment(this, this.owner))
    this.#codeField = onlyCodeField(this.type, setup.config)
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
    return this.segment ? this.segment.accept(batch) : this.takeBatch(batch)
  }

  /** Takes a batch by itself, in a loop of its own. */
  takeBatch(batch: Batch): void | Promise<void> {
    const { metered } = this.owner
    // Whoever sends has just read it.
    const start = stopwatch.now
    this.meters.setState('running')
    this.meters.runs()
    const done = this.#loop!(batch)
    this.seen += batch.length
    if (metered) {
      this.meters.add('in', batch.length)
      // `take` has enough in the middle of a batch, or a stop came: the rest of it is dropped.
      if (done < batch.length) this.meters.add('dropped', batch.length - done)
      const took = stopwatch.read() - start
      this.meters.add('busyMs', took)
      this.lookMs += took
    }
    const pending = this.#flush()
    const rest = this.#want.more ? pending : both(pending as Promise<unknown> | undefined, this.finishEarly())
    return rest ? this.blocked(rest as Promise<unknown>) : undefined
  }

  tookInLoop(records: number, ms: number): void {
    this.seen += records
    if (!this.owner.metered) return
    this.meters.add('in', records)
    this.meters.add('busyMs', ms)
  }

  dropUnseen(records: number): void {
    this.seen += records
    if (!this.owner.metered) return
    this.meters.add('in', records)
    this.meters.add('dropped', records)
  }

  headSegment(segment: Segment): void {
    this.segment = segment
    this.#within = segment
  }

  joinSegment(segment: Segment): void {
    this.segment?.outdated()
    this.segment = undefined
    this.#within = segment
  }

  override lineUnwanted(line: EdgeLine): void {
    // What went over the wire before counts as passed.
    this.#within?.flush()
    super.lineUnwanted(line)
    this.#within?.outdated()
  }

  end(): void | Promise<void> {
    // The first of several wires to end is not the last.
    if (++this.#feedersEnded < this.feeders.length) return
    return this.#finish()
  }

  #finish(): void | Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#within?.outdated()
    this.#loop = undefined
    if (this.owner.failed) return
    const pending = this.folding ? this.#endFold(this.folding) : undefined
    if (pending) return pending.then(() => this.#close())
    return this.#close()
  }

  endEarly(): void {
    this.#want.more = false
    this.#unread = true
    this.#tellFeeders()
  }

  tick(now: number): void {
    this.segment?.flush()
    this.#waits.tick(now)
    if (!this.#ended) {
      const busy = this.meters.get('busyMs') + this.meters.get('blockedMs')
      this.meters.set('waitingMs', Math.max(0, now - this.#startedAt - busy))
    }
  }

  /** A record failed: it will leave by `error`. Throws NodeFailure where it is the node that has failed. */
  refuse(error: unknown, record: DataRecord, number: number): void {
    if (error instanceof NodeError) {
      const failure = new NodeFailure(this.id, error)
      this.failWith(failure)
      throw failure
    }
    this.#failures.push({ ...reasonFor(error, this.#codeField, record), node: this.id, record, number })
    // The run fails as soon as the records before this one are sent: the code is called for no others.
    if (!this.outputs.get(ERROR_PORT_NAME)?.isWired) this.#want.more = false
  }

  /** Hands on what the batch made. */
  #flush(): void | Promise<unknown> {
    let pending: Promise<unknown> | undefined
    for (let at = 0; at < this.#outputs.length; at++) {
      const output = this.#outputs[at]!
      if (output.count === 0) continue
      if (output.wired) pending = both(pending, this.ports[at]!.sendInPieces(output.records))
      else this.ports[at]!.passed(output.count, [])
      output.records = []
    }
    return both(pending, this.rejectFailures())
  }

  /** Sends what was refused. */
  rejectFailures(): void | Promise<void> {
    if (this.#failures.length === 0) return
    const failures = this.#failures
    this.#failures = []
    return this.reject(failures)
  }

  finishEarly(): void | Promise<void> {
    this.#tellFeeders()
    return this.#finish()
  }

  #tellFeeders(): void {
    for (const tell of this.feeders) tell()
  }

  #endFold(folding: Folding): void | Promise<void> {
    this.folding = undefined
    this.meters.runs()
    const failed = (error: unknown): never => {
      this.failWith(error)
      throw error
    }
    const node = this.#ending()
    if (!this.#held) return sendFold(folding, node).catch(failed)
    this.#held(folding, node)
  }

  #ending(): EndingNode {
    const { id, type, meters, owner } = this
    const [isUnread, isOnDisk] = [() => this.#unread, () => this.#memory?.onDisk === true]
    return {
      id,
      type,
      meters,
      owner,
      send: (records) => {
        const room = this.outputs.get('out')!.send(records)
        if (room) return this.blocked(room)
      },
      turn: () => this.pacer?.due(stopwatch.read()),
      get isUnread() {
        return isUnread()
      },
      get isOnDisk() {
        return isOnDisk()
      },
    }
  }

  #close(): void | Promise<void> {
    const pending = this.endOutputs()
    if (pending) return pending.then(() => this.meters.setState(this.owner.endState))
    this.meters.setState(this.owner.endState)
  }

  blocked(room: Promise<unknown>): Promise<void> {
    return this.#waits.during(room)
  }
}
