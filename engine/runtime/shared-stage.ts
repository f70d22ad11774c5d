/**
 * A stage that part workers share, as the run sees it: takes what they send, in the order of the shares, and has
 * their states merged when all of them have ended.
 *
 * Records that leave by an edge pass in the order that one worker would have sent them in: those of a later share wait
 * (a bounded number, then that worker waits too). A record that fails in a later share fails the run once the earlier
 * ones are through, so that the first one of the whole input is told of, with its number there.
 */
import type { SharedStage as SharedPlan } from '../plan/run-plan.ts'
import type { ErrorRecord } from '../spec/node.ts'
import type { Channel, Queued } from './channel.ts'
import { unpackFailure } from './part-failure.ts'
import type { FromPart, PartFailure, PartPort, ToPart } from './part-protocol.ts'
import type { RunOwner } from './runtime-node.ts'
import { SharedHeaders } from './shared-headers.ts'
import { batchBytes } from './size.ts'

export interface SharedStageParts {
  shared: SharedPlan
  /** One for each part worker, in the order of the shares that they begin with. */
  ports: readonly PartPort[]
  /** The queues of the edges that leave the parts, by edge id. */
  leaving: ReadonlyMap<string, Channel<Queued>>
  owner: RunOwner
  /** Called with the states of a node, in the order of the shares, when all parts have ended. */
  merge: (node: string, states: unknown[]) => Promise<void>
}

/** What a share sends, to be looked at in its turn. */
type InOrder = Extract<FromPart, { say: 'records' | 'encoded' | 'failed' }> | { say: 'through'; came: Came }
type Came = Readonly<Record<string, number>>

/** One share, and its messages that wait for their turn. */
interface Line {
  part: number
  messages: InOrder[]
  /** What had come to the nodes of this worker before the share. */
  cameBefore: Came
  /** Its worker was stopped before the end of it: maybe before the run has heard of that. */
  cut?: boolean
}

/** One part worker. */
interface Part {
  port: PartPort
  /** The share it does now. */
  line: Line | undefined
  /** The one that it does next, which it has already. */
  next: Line | undefined
  came: Came
  states: Map<string, unknown>
  ended: boolean
}

export class SharedStage {
  readonly #given: SharedStageParts
  readonly #parts: Part[]
  /** The shares that were handed out, in order. */
  readonly #lines: Line[] = []
  /** Records that reached each node in the shares that are through. */
  readonly #before = new Map<string, number>()
  /** By edge. */
  readonly #headers: SharedHeaders
  #wake: (() => void) | undefined
  /** Which share is taken from. */
  #at = 0
  /** A share has failed, or the run is stopped: none is handed out any more. */
  #closing = false
  #over = false

  constructor(given: SharedStageParts) {
    this.#given = given
    this.#headers = new SharedHeaders((part, message) => given.ports[part]!.postMessage(message))
    this.#parts = given.ports.map((port, at): Part => {
      const line: Line = { part: at, messages: [], cameBefore: {} }
      this.#lines.push(line)
      port.on('message', (message) => this.#hear(at, message as FromPart))
      return { port, line, next: undefined, came: {}, states: new Map(), ended: false }
    })
    for (const [edge, channel] of given.leaving) channel.onLeft = () => this.#sayAll({ say: 'left', edge })
  }

  /** Settles when the stage has ended; never rejects: a failure goes to the run. */
  async start(): Promise<void> {
    const { leaving, owner, shared, merge } = this.#given
    try {
      await this.#takeAll()
    } catch (error) {
      owner.fail(error)
    }
    for (const channel of leaving.values()) channel.end()
    if (this.#over || owner.failed) return
    await Promise.all(
      shared.merges.map((node) => {
        const states = this.#statesOf(node)
        // A part that was stopped keeps what it has on disk to itself.
        if (states.length < this.#parts.length) owner.cutShort(node)
        return merge(node, states)
      }),
    )
    if (!this.#over) this.#sayAll({ say: 'over' })
  }

  stop(): void {
    this.#closing = true
    // The run drops what waits in its queues: what comes later would be written behind that gap.
    for (const channel of this.#given.leaving.values()) channel.end()
    this.#sayAll({ say: 'stop' })
  }

  /** The run has failed: nothing that comes is of use any more. */
  fail(): void {
    if (this.#over) return
    this.#over = true
    this.#sayAll({ say: 'fail' })
    this.#wakeUp()
  }

  #sayAll(message: ToPart): void {
    for (const { port } of this.#parts) port.postMessage(message)
  }

  #hear(at: number, message: FromPart): void {
    const part = this.#parts[at]!
    switch (message.say) {
      case 'state':
        part.states.set(message.node, message.packed)
        return
      case 'header':
        if (part.line) this.#headers.asked(part.line, message.edge)
        break
      case 'encoded':
        this.#headers.sent(message)
        part.line?.messages.push(message)
        break
      case 'want':
        this.#handOut(at)
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
        this.#sayGone(part)
        break
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
        part.line?.messages.push(message)
    }
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
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

  #handOut(at: number): void {
    const part = this.#parts[at]!
    const { parts } = this.#given.shared
    const index = this.#lines.length
    const isLeft = !this.#closing && !this.#over && index < parts.length
    if (isLeft) this.#lines.push((part.next = { part: at, messages: [], cameBefore: part.came }))
    const message: ToPart = { say: 'share', ...(isLeft && { share: { work: parts[index] } }) }
    part.port.postMessage(message)
  }

  /** A node that fails does so whatever the shares before hold; of a record it has to be known where it stands. */
  #isFailing(failing: Part, failure: PartFailure): void {
    this.#closing = true
    if (failure.kind !== 'record') {
      this.#given.owner.fail(unpackFailure(failure, () => 0))
      return
    }
    const place = this.#lines.indexOf(failing.line!)
    for (const part of this.#parts) {
      if (!part.line || this.#lines.indexOf(part.line) <= place) continue
      part.port.postMessage({ say: 'fail' } satisfies ToPart)
      this.#sayGone(part)
    }
  }

  /** Takes what the shares send, one share after the other. @throws RecordFailure */
  async #takeAll(): Promise<void> {
    while (!this.#over) {
      const line = this.#lines[this.#at]
      this.#headers.first(line)
      const message = line?.messages.shift()
      if (line && message) {
        if (await this.#take(line, message)) {
          // What a share has sent is not needed again.
          line.messages = []
          this.#at++
          // What lies behind a gap is dropped and counted, as it would have been with one worker.
          if (line.cut) for (const channel of this.#given.leaving.values()) channel.end()
        }
      } else if (!line && this.#parts.every(({ ended }) => ended)) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  /** Returns true at the end of the share. */
  async #take(line: Line, message: InOrder): Promise<boolean> {
    switch (message.say) {
      case 'through':
        for (const [node, count] of Object.entries(message.came))
          this.#before.set(node, (this.#before.get(node) ?? 0) + count - (line.cameBefore[node] ?? 0))
        return true
      case 'failed':
        throw unpackFailure(message.failure, (node) => this.#beforeOf(line, node))
      case 'encoded':
        await this.#pass(message.edge, message.piece, message.piece.bytes.length)
        break
      case 'records': {
        const numbered = message.batch.map((record) => this.#numbered(line, record as ErrorRecord))
        await this.#pass(message.edge, numbered, batchBytes(numbered))
      }
    }
    this.#parts[line.part]!.port.postMessage({ say: 'room', edge: message.edge } satisfies ToPart)
    return false
  }

  /** What numbers of this worker are raised by to be those of the whole input. */
  #beforeOf({ cameBefore }: Line, node: string): number {
    return (this.#before.get(node) ?? 0) - (cameBefore[node] ?? 0)
  }

  async #pass(edge: string, batch: Queued, bytes: number): Promise<void> {
    const channel = this.#given.leaving.get(edge)
    if (!channel) throw new Error(`a part sent records by the edge ${edge}, which does not leave it`)
    const room = channel.push(batch, bytes)
    if (room) await room
  }

  #numbered(line: Line, record: ErrorRecord): ErrorRecord {
    const before = this.#beforeOf(line, record.node)
    return before === 0 ? record : { ...record, number: record.number + before }
  }

  #statesOf(node: string): unknown[] {
    return this.#parts.flatMap(({ states }) => (states.has(node) ? [states.get(node)] : []))
  }
}
