/**
 * A stage that part workers share, as the run sees it: hears what they say, hands out shares, has what they send taken
 * in the order of the shares (`SharesInOrder`), and their states merged when all of them have ended.
 */
import type { SharedStage as SharedPlan } from '../plan/run-plan.ts'
import { CededShares, type CededSharesParts } from './ceded-shares.ts'
import type { Channel, Queued } from './channel.ts'
import { HandedShares } from './handed-shares.ts'
import { LeavingEdges } from './leaving-edges.ts'
import type { Memory } from '../spec/node.ts'
import { unpackFailure } from './part-failure.ts'
import type { FromPart, PartFailure, PartPort, ToPart } from './part-protocol.ts'
import type { RunOwner } from './runtime-node.ts'
import { CopiedShares } from './copied-shares.ts'
import { CopiedEdges, type CopiedEdge } from './copied-edges.ts'
import { FirstDeciders } from './first-deciders.ts'
import { FoldStates } from './fold-states.ts'
import { lineBehind, type Came, type Line, type Part } from './share-line.ts'
import { SharedHeaders } from './shared-headers.ts'
import { SharesInOrder } from './shares-in-order.ts'

export interface SharedStageParts {
  shared: SharedPlan
  /** One for each part worker, in the order of the shares that they begin with. */
  ports: readonly PartPort[]
  /** Edges from elsewhere that each part gets the records of. */
  copied: readonly CopiedEdge[]
  /** The queues of the edges that leave the parts, by edge id. */
  leaving: ReadonlyMap<string, Channel<Queued>>
  owner: RunOwner
  /** Says something in a node's name. */
  log(node: string, text: string): void
  /** What a node may hold in this thread. */
  memory(node: string): Memory
  /** Called with the states of a node, in the order of the shares, when all parts have ended. */
  merge: (node: string, states: unknown[]) => Promise<void>
}

export class SharedStage {
  readonly #given: SharedStageParts
  readonly #parts: Part[]
  /** The shares that were handed out, in order. */
  readonly #lines: Line[] = []
  readonly #inOrder: SharesInOrder
  /** By edge. */
  readonly #headers: SharedHeaders
  readonly #states: FoldStates
  readonly #leaving: LeavingEdges
  readonly #ceded: CededShares<Line>
  readonly #handed: HandedShares
  readonly #copied: CopiedEdges
  readonly #firsts: FirstDeciders
  readonly #copies: CopiedShares
  /** The first share of those that have failed. */
  #failing: Line | undefined
  #stopped = false
  /** A share has failed, or the run is stopped: none is handed out any more. */
  #closing = false
  #over = false

  constructor(given: SharedStageParts) {
    this.#given = given
    this.#ceded = new CededShares<Line>(this.#ceding())
    this.#firsts = new FirstDeciders(given.shared.firsts, given.memory)
    this.#handed = new HandedShares({
      ...given,
      rest: () => this.#firsts.release(),
      lines: this.#lines,
      parts: () => this.#parts,
      isOpen: () => !this.#closing && !this.#over,
    })
    this.#copied = new CopiedEdges(given.copied, given.ports, given.log)
    this.#copies = new CopiedShares({
      ...given,
      parts: () => this.#parts,
      lines: this.#lines,
      edges: this.#copied,
      isOpen: () => !this.#closing,
    })
    this.#leaving = new LeavingEdges(given.leaving)
    this.#states = new FoldStates(given.shared, () => this.#parts, this.#lines)
    this.#headers = new SharedHeaders((part, message) => given.ports[part]!.postMessage(message))
    this.#inOrder = new SharesInOrder({
      shared: given.shared,
      lines: this.#lines,
      headers: this.#headers,
      leaving: this.#leaving,
      firsts: this.#firsts,
      areAllEnded: () => this.#parts.every(({ ended }) => ended),
      say: (part, message) => this.#sayTo(part, message),
      idle: (isThrough) => this.#handed.idle(isThrough),
    })
    this.#parts = given.ports.map((port, at): Part => {
      const line: Line = { part: at, messages: [], cameBefore: {} }
      this.#lines.push(line)
      port.on('message', (message) => this.#hear(at, message as FromPart))
      return { port, line, next: undefined, came: {}, ended: false }
    })
    for (const [edge, channel] of given.leaving) channel.onLeft = () => this.#sayAll({ say: 'left', edge })
  }

  /** Settles when the stage has ended; never rejects: a failure goes to the run. */
  async start(): Promise<void> {
    const { owner, shared, merge } = this.#given
    const copying = this.#copied.send().catch((error: unknown) => owner.fail(error))
    try {
      await this.#inOrder.takeAll()
      this.#copied.leave()
      await copying
      this.#leaving.end()
      if (this.#over || owner.failed) return
      await Promise.all(
        shared.merges.map((node) => {
          const { states, missing } = this.#states.of(node)
          // A part that was stopped keeps what it has on disk to itself.
          if (missing) owner.cutShort(node)
          return merge(node, states)
        }),
      )
    } catch (error) {
      // First, so that nobody takes the end of what comes for the end of all.
      owner.fail(error)
      this.#leaving.end()
    } finally {
      this.#firsts.clear()
    }
    if (!this.#over) this.#sayAll({ say: 'over' })
  }

  stop(): void {
    this.#stopped = true
    this.#closing = true
    this.#ceded.close()
    // The run drops what waits in its queues: what comes later would be written behind that gap.
    this.#leaving.end()
    this.#sayAll({ say: 'stop' })
    // Those whom a ceded share was waiting for may all have ended, by what their pages say.
    this.#inOrder.wakeUp()
  }

  /** The run has failed: nothing that comes is of use any more. */
  fail(): void {
    if (this.#over) return
    this.#over = true
    this.#sayAll({ say: 'fail' })
    this.#copied.leave()
    this.#inOrder.close()
  }

  #sayAll(message: ToPart): void {
    for (const { port } of this.#parts) port.postMessage(message)
  }

  #hear(at: number, message: FromPart): void {
    const part = this.#parts[at]!
    switch (message.say) {
      case 'state':
        this.#states.keep(at, message)
        return
      case 'ceded':
        this.#ceded.answered(message.share && lineBehind(part.line!, this.#lines, message.share.work))
        break
      case 'header':
        if (part.line) this.#headers.asked(part.line, message.edge)
        break
      case 'want':
        this.#isWanted(at)
        break
      case 'next':
        this.#through(part, message.came)
        break
      case 'through':
        this.#allThrough(part, message)
        break
      case 'ended':
        this.#allThrough(part, message)
        part.ended = true
        this.#copies.ended(at)
        this.#sayGone(part)
        break
      case 'ready':
        this.#copies.ready(at, message.onDisk)
        return
      case 'copied':
        this.#copied.taken(at)
        return
      case 'bucket':
        this.#sayTo(message.to, { ...message, from: at }, message.piece?.buffers)
        return
      case 'taken':
        this.#sayTo(message.from, { ...message, to: at })
        return
      case 'failed':
        part.line?.messages.push(message)
        this.#isFailing(part, message.failure)
        break
      default:
        if (message.say === 'encoded') this.#headers.sent(message)
        part.line?.messages.push(message)
    }
    this.#inOrder.wakeUp()
  }

  /** What one part says to another one. */
  #sayTo(at: number, message: ToPart, transfer?: readonly ArrayBuffer[]): void {
    if (!this.#over) this.#parts[at]!.port.postMessage(message, transfer)
  }

  /** Others may wait for what it holds. */
  #sayGone(gone: Part): void {
    const part = this.#parts.indexOf(gone)
    this.#parts.forEach((other, at) => {
      if (other !== gone && !other.ended) this.#sayTo(at, { say: 'gone', part })
    })
  }

  #allThrough(part: Part, { came, stopped }: { came: Came; stopped: boolean }): void {
    // It may have been given one more, which it has not begun.
    while (part.line) {
      if (stopped) part.line.cut = true
      this.#through(part, came)
    }
  }

  #through(part: Part, came: Came): void {
    part.line?.messages.push({ say: 'through', came })
    part.came = came
    part.line = part.next
    part.next = undefined
    if (part.line) part.line.cameBefore = came
  }

  #ceding(): CededSharesParts<Line> {
    const least = this.#given.shared.cedes ?? Infinity
    return {
      busy: () => this.#parts.flatMap(({ line, ended }, at) => (line && !ended ? [at] : [])),
      ask: (part) => this.#sayTo(part, { say: 'cede', least }),
      give: (part, line) => this.#give(part, line),
      isWanted: (line) => !this.#stopped && !this.#over && !this.#isBehindFailure(line),
      placeOf: (line) => this.#lines.indexOf(line),
      drop: (line) => {
        line.cut = true
        line.messages.push({ say: 'through', came: {} })
      },
    }
  }

  #give(at: number, line: Line | undefined): void {
    const part = this.#parts[at]!
    part.line = line
    if (line) line.part = at
    part.port.postMessage({ say: 'share', ...(line && { share: { work: line.work } }) } satisfies ToPart)
    if (line) this.#inOrder.given(line)
  }

  /** A worker wants another share. */
  #isWanted(at: number): void {
    const { copies, cedes } = this.#given.shared
    // It had not heard that it is to end. A share that it was given now would never be done.
    if (this.#parts[at]!.failed) return
    if (copies.length > 0) this.#copies.wanted(at)
    else if (cedes === undefined) this.#handed.wanted(at)
    else this.#ceded.wanted(at)
  }

  #isBehindFailure(line: Line): boolean {
    return this.#failing !== undefined && this.#lines.indexOf(line) > this.#lines.indexOf(this.#failing)
  }

  /** A node that fails does so whatever the shares before hold; of a record it has to be known where it stands. */
  #isFailing(failing: Part, failure: PartFailure): void {
    this.#closing = true
    if (failure.kind !== 'record') {
      this.#given.owner.fail(unpackFailure(failure, () => 0))
      return
    }
    if (!this.#isBehindFailure(failing.line!)) this.#failing = failing.line
    this.#ceded.close()
    for (const part of this.#parts) {
      if (!part.line || !this.#isBehindFailure(part.line)) continue
      part.failed = true
      part.port.postMessage({ say: 'fail' } satisfies ToPart)
      this.#sayGone(part)
    }
  }
}
