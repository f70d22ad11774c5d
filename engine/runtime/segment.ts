/**
 * Consecutive nodes of a stage that run as one loop. A batch now and then goes through the nodes one after the other
 * instead: that fills the taps of the wires between them and tells how large records are and which node takes how
 * long. Counts come from both and are exact.
 */
import type { Batch } from '../spec/node.ts'
import { compileFused, type FusedLoop } from './fused-loop.ts'
import type { Looks } from './looks.ts'
import { membersOf, type Fusible, type Member } from './fused-members.ts'
import type { NodeMeters } from './meter.ts'
import { both, type EdgeLine, type OutputPort, type Receiver } from './output-port.ts'
import { stopwatch } from './stopwatch.ts'
import { GLIMPSE_RECORDS } from './tap.ts'

/** A look may take so small a part of the time, if that is rare enough to bound the wait for it. */
const LOOK_SHARE = 400
/** And never more than such a part, however long one takes. */
const MOST_LOOK_SHARE = 30
/** A wire that fewer than one in so many records take leaves the loop, so that all of its records are seen. */
const SPARSE = 16
/** Records over which the traffic of wires is compared at least. */
const COMPARED = 8192
/** Loops compiled for one segment at most; then it stays as it is. */
const MOST_COMPILED = 12

/** What a segment asks of its nodes. */
export interface SegmentNode extends Fusible {
  readonly meters: NodeMeters
  readonly ended: boolean
  readonly wantsMore: boolean
  /** Time that it took for batches of its own, without those that went through a loop with others. */
  readonly lookMs: number
  /** The segment that begins here. */
  readonly segment: Segment | undefined
  /** Takes a batch by itself, in a loop of its own. */
  takeBatch(batch: Batch): void | Promise<void>
  /** Takes a batch by the shortest way. */
  accept(batch: Batch): void | Promise<void>
  /** Counts what came in and was worked on in a loop with others. */
  tookInLoop(records: number, ms: number): void
  /** Counts records that came in too late: the run has been stopped. */
  dropUnseen(records: number): void
  /** From now on the node is called by whoever feeds it, and a loop begins with it. */
  headSegment(segment: Segment): void
  /** From now on the node is part of a loop that begins elsewhere. */
  joinSegment(segment: Segment): void
  /** Sends what was refused. */
  rejectFailures(): void | Promise<void>
  /** The node itself has enough, or nobody behind it wants more. */
  finishEarly(): void | Promise<void>
  /** Waits until there is room behind the node. */
  blocked(room: Promise<unknown>): Promise<void>
}

interface SegmentOwner {
  readonly metered: boolean
  readonly looks: Looks
}

interface Program {
  members: Member<SegmentNode>[]
  loop: FusedLoop
}

export class Segment {
  readonly #root: SegmentNode
  readonly #owner: SegmentOwner
  #program: Program | undefined
  /** It was looked at for long enough. */
  #grown: boolean
  #firstAt = 0
  #looks = 0
  #lookAt = 0
  #compiled = 0
  /** Time of the loop that no node was told of yet. */
  #busyMs = 0
  /** What the root had seen, and the ports had sent, when their traffic was last compared. */
  #comparedAt = 0
  #sentBefore = new Map<OutputPort, number>()
  #sparse = new Set<OutputPort>()

  constructor(root: SegmentNode, owner: SegmentOwner, grown = false) {
    this.#root = root
    this.#owner = owner
    this.#grown = grown
  }

  accept(batch: Batch): void | Promise<void> {
    const now = stopwatch.now
    if (now >= this.#lookAt) return this.#grown ? this.#glimpse(batch, now) : this.#look(batch, now)
    const program = (this.#program ??= this.#compile())
    return program.members.length > 1 ? this.#pass(batch, program) : this.#root.takeBatch(batch)
  }

  /** Tells nodes and wires what the loop has counted. */
  flush(): void {
    const program = this.#program
    if (!program) return
    const { members, loop } = program
    const { counts } = loop
    if (counts[0] === 0) return
    const looked = members.reduce((sum, { node }) => sum + node.lookMs, 0)
    for (const { node, input, outputs } of members) {
      const share = looked > 0 ? node.lookMs / looked : node === this.#root ? 1 : 0
      node.tookInLoop(counts[input]!, this.#busyMs * share)
      for (const { port, counter, inlined } of outputs) port.passed(counts[counter]!, inlined)
    }
    this.#busyMs = 0
    counts.fill(0)
  }

  /** The wires have changed: the loop is made anew. */
  outdated(): void {
    this.flush()
    this.#program = undefined
  }

  /**
   * Looks at the head of a batch only: the loops of single nodes are to do so little that they do not become worth
   * optimising, which costs more than all looks together. The rest goes through the loop.
   */
  #glimpse(batch: Batch, now: number): void | Promise<void> {
    if (batch.length <= GLIMPSE_RECORDS) return this.#look(batch, now)
    const pending = this.#look(batch.slice(0, GLIMPSE_RECORDS), now)
    // By way of the node: it may have had enough.
    return both(pending || undefined, this.#root.accept(batch.slice(GLIMPSE_RECORDS))) as
      Promise<void> | undefined
  }

  #look(batch: Batch, now: number): void | Promise<void> {
    this.flush()
    if (this.#looks++ === 0) this.#firstAt = now
    const pending = this.#root.takeBatch(batch)
    const end = stopwatch.read()
    if (!this.#grown) {
      const { batches, records, ms } = this.#owner.looks.first
      this.#grown = this.#looks >= batches && this.#root.seen >= records && end - this.#firstAt >= ms
    } else if (this.#compare(this.#program?.members ?? [])) this.outdated()
    if (this.#grown) this.#lookAt = end + this.#pause(end - now)
    return pending
  }

  /** Until the next look, in ms, when the last one took so long. */
  #pause(took: number): number {
    const { metered, looks } = this.#owner
    if (!metered) return Infinity
    return Math.max(Math.min(looks.everyMs, took * LOOK_SHARE), took * MOST_LOOK_SHARE)
  }

  #pass(batch: Batch, { members, loop }: Program): void | Promise<void> {
    const start = stopwatch.now
    this.#root.meters.setState('running')
    this.#root.meters.runs()
    const rest = batch.length - loop.run(batch)
    if (rest > 0) this.#root.dropUnseen(rest)
    if (this.#owner.metered) this.#busyMs += stopwatch.read() - start
    let pending = this.#handOn(members, loop)
    // From the last to the first, as nodes do that call each other.
    for (let at = members.length - 1; at >= 0; at--) {
      const { node } = members[at]!
      if (!node.wantsMore) pending = both(pending, node.finishEarly())
    }
    return pending as Promise<void> | undefined
  }

  #handOn(
    members: readonly Member<SegmentNode>[],
    { made, failed }: FusedLoop,
  ): Promise<unknown> | undefined {
    let pending: Promise<unknown> | undefined
    for (let at = members.length - 1; at >= 0; at--) {
      const { node, outputs, path } = members[at]!
      for (const { port, counter, exits } of outputs) {
        if (exits.length === 0) continue
        const records = made[counter]!
        if (records.length === 0) continue
        made[counter] = []
        const room = port.handInPieces(records, exits)
        if (room) pending = both(pending, waiting(path, room))
      }
      if (!failed.any) continue
      const room = node.rejectFailures()
      if (room) pending = both(pending, waiting(path, room))
    }
    failed.any = false
    return pending
  }

  #compile(): Program {
    this.#compiled++
    const find = () => membersOf(this.#root, (port) => this.#sparse.has(port), fusibleAt)
    if (this.#compiled === 1) this.#compare(find().members, 1)
    const { members, counters } = find()
    for (const { node, outputs } of members) {
      if (node !== this.#root) node.joinSegment(this)
      for (const { exits } of outputs) {
        for (const line of exits) {
          const next = fusibleAt(line)
          if (next && !next.segment) next.headSegment(new Segment(next, this.#owner, true))
        }
      }
    }
    return { members, loop: compileFused(members, counters) }
  }

  /** Compares the traffic of the wires; true where it has changed so that another loop is due. */
  #compare(members: readonly Member<SegmentNode>[], least = COMPARED): boolean {
    const came = this.#root.seen - this.#comparedAt
    if (came < least || this.#compiled >= MOST_COMPILED) return false
    this.#comparedAt = this.#root.seen
    let changed = false
    for (const { outputs } of members) {
      for (const { port } of outputs) {
        const sent = port.sent - (this.#sentBefore.get(port) ?? 0)
        this.#sentBefore.set(port, port.sent)
        // Half and double, so that a wire at the bound does not change sides all the time.
        const sparse = sent * SPARSE < came * (this.#sparse.has(port) ? 2 : 0.5)
        if (port.isWired && sparse !== this.#sparse.has(port)) changed = true
        if (sparse) this.#sparse.add(port)
        else this.#sparse.delete(port)
      }
    }
    return changed
  }
}

/** The node at the end of a wire, if its code can be part of a loop. */
function fusibleAt({ receiver }: EdgeLine): SegmentNode | undefined {
  if (!isSegmentNode(receiver) || receiver.ended) return undefined
  return receiver.source || receiver.folding ? receiver : undefined
}

function isSegmentNode(receiver: Receiver): receiver is Receiver & SegmentNode {
  return 'takeBatch' in receiver
}

async function waiting(path: readonly SegmentNode[], room: Promise<unknown>): Promise<void> {
  await Promise.all(path.map((node) => node.blocked(room)))
}
