/**
 * A stage that part workers share, as the run sees it: takes what they send, in the order of the shares, and has
 * their states merged when all of them have ended.
 *
 * Records that leave by an edge pass in the order that one worker would have sent them in: those of a later share wait
 * (a bounded number, then that worker waits too). A record that fails in a later share fails the run once the earlier
 * ones are through, so that the first one of the whole input is told of, with its number there.
 */
import type { SharedStage as SharedPlan } from '../plan/run-plan.ts'
import type { Batch, ErrorRecord } from '../spec/node.ts'
import type { Channel } from './channel.ts'
import { unpackFailure } from './part-failure.ts'
import type { FromPart, PartFailure, PartPort, ToPart } from './part-protocol.ts'
import type { RunOwner } from './runtime-node.ts'
import { batchBytes } from './size.ts'

export interface SharedStageParts {
  shared: SharedPlan
  /** One for each part, in the order of the shares. */
  ports: readonly PartPort[]
  /** The queues of the edges that leave the parts, by edge id. */
  leaving: ReadonlyMap<string, Channel>
  owner: RunOwner
  /** Called with the states of a node, in the order of the shares, when all parts have ended. */
  merge: (node: string, states: unknown[]) => Promise<void>
}

type InOrder = Extract<FromPart, { say: 'records' | 'failed' | 'ended' }>

/** One part's messages that wait for their turn. */
interface Line {
  messages: InOrder[]
  wake: (() => void) | undefined
  states: Map<string, unknown>
}

export class SharedStage {
  readonly #parts: SharedStageParts
  readonly #lines: Line[]
  /** Records that reached each node in the shares that are through. */
  readonly #before = new Map<string, number>()
  #over = false

  constructor(parts: SharedStageParts) {
    this.#parts = parts
    this.#lines = parts.ports.map((port, at) => {
      port.on('message', (message) => this.#hear(at, message as FromPart))
      return { messages: [], wake: undefined, states: new Map() }
    })
    for (const [edge, channel] of parts.leaving) channel.onLeft = () => this.#sayAll({ say: 'left', edge })
  }

  /** Settles when the stage has ended; never rejects: a failure goes to the run. */
  async start(): Promise<void> {
    const { ports, leaving, owner, shared, merge } = this.#parts
    try {
      for (const at of ports.keys()) await this.#takeAll(at)
    } catch (error) {
      owner.fail(error)
    }
    for (const channel of leaving.values()) channel.end()
    if (this.#over || owner.failed) return
    await Promise.all(shared.merges.map((node) => merge(node, this.#statesOf(node))))
    if (!this.#over) this.#sayAll({ say: 'over' })
  }

  stop(): void {
    this.#sayAll({ say: 'stop' })
  }

  /** The run has failed: nothing that comes is of use any more. */
  fail(): void {
    if (this.#over) return
    this.#over = true
    this.#sayAll({ say: 'fail' })
    for (const { wake } of this.#lines) wake?.()
  }

  #sayAll(message: ToPart): void {
    for (const port of this.#parts.ports) port.postMessage(message)
  }

  #hear(at: number, message: FromPart): void {
    const line = this.#lines[at]!
    if (message.say === 'state') {
      line.states.set(message.node, message.packed)
      return
    }
    if (message.say === 'failed') this.#isFailing(at, message.failure)
    line.messages.push(message)
    const { wake } = line
    line.wake = undefined
    wake?.()
  }

  /** A node that fails does so whatever the shares before hold; of a record it has to be known where it stands. */
  #isFailing(at: number, failure: PartFailure): void {
    if (failure.kind !== 'record') this.#parts.owner.fail(unpackFailure(failure, () => 0))
    else
      for (const port of this.#parts.ports.slice(at + 1)) port.postMessage({ say: 'fail' } satisfies ToPart)
  }

  /** Takes what one part sends until it has ended. @throws RecordFailure */
  async #takeAll(at: number): Promise<void> {
    const line = this.#lines[at]!
    for (;;) {
      if (this.#over) return
      const message = line.messages.shift()
      if (!message) {
        await new Promise<void>((resolve) => {
          line.wake = resolve
        })
        continue
      }
      if (message.say === 'ended') {
        for (const [node, count] of Object.entries(message.came))
          this.#before.set(node, (this.#before.get(node) ?? 0) + count)
        return
      }
      if (message.say === 'failed') throw unpackFailure(message.failure, this.#beforeOf)
      await this.#pass(message.edge, message.batch)
      this.#parts.ports[at]!.postMessage({ say: 'room', edge: message.edge } satisfies ToPart)
    }
  }

  readonly #beforeOf = (node: string): number => this.#before.get(node) ?? 0

  async #pass(edge: string, batch: Batch): Promise<void> {
    const channel = this.#parts.leaving.get(edge)
    if (!channel) throw new Error(`a part sent records by the edge ${edge}, which does not leave it`)
    const numbered = batch.map((record) => this.#numbered(record as ErrorRecord))
    const room = channel.push(numbered, batchBytes(numbered))
    if (room) await room
  }

  /** What fails in a later share is counted on from the ones before. */
  #numbered(record: ErrorRecord): ErrorRecord {
    const before = this.#beforeOf(record.node)
    return before === 0 ? record : { ...record, number: record.number + before }
  }

  #statesOf(node: string): unknown[] {
    return this.#lines.flatMap(({ states }) => (states.has(node) ? [states.get(node)] : []))
  }
}
