/**
 * Takes what the shares of a stage send, one share after the other.
 *
 * Records that leave by an edge pass in the order that one worker would have sent them in: those of a later share wait
 * (a bounded number, then that worker waits too). A record that fails in a later share fails the run once the earlier
 * ones are through, so that the first one of the whole input is told of, with its number there.
 */
import type { SharedStage } from '../plan/run-plan.ts'
import type { Key } from '../spec/identity.ts'
import type { Batch } from '../spec/node.ts'
import type { FirstDeciders } from './first-deciders.ts'
import type { LeavingEdges } from './leaving-edges.ts'
import { unpackFailure } from './part-failure.ts'
import type { ToPart } from './part-protocol.ts'
import { unpacked } from './travelling.ts'
import { ShareNumbers, type InOrder, type Line } from './share-line.ts'
import type { SharedHeaders } from './shared-headers.ts'

export interface SharesInOrderParts {
  shared: SharedStage
  /** The shares that were handed out, in order; new ones are added. */
  lines: readonly Line[]
  headers: SharedHeaders
  leaving: LeavingEdges
  firsts: FirstDeciders
  /** No worker does or sends anything any more. */
  areAllEnded(): boolean
  say(part: number, message: ToPart): void
  /** Called when all that was sent is taken. @param isThrough all shares are through */
  idle(isThrough: boolean): void
}

export class SharesInOrder {
  readonly #given: SharesInOrderParts
  readonly #numbers = new ShareNumbers()
  /** Which share is taken from. */
  #at = 0
  #current: Line | undefined
  #wake: (() => void) | undefined
  #closed = false

  constructor(given: SharesInOrderParts) {
    this.#given = given
  }

  /** Settles when all have ended, or after `close`. @throws RecordFailure */
  async takeAll(): Promise<void> {
    const { lines, leaving, areAllEnded, idle } = this.#given
    while (!this.#closed) {
      const line = lines[this.#at]
      this.#isTurnOf(line)
      const message = line?.messages.shift()
      if (line && message) {
        if (await this.#take(line, message)) {
          // What a share has sent is not needed again.
          line.messages = []
          this.#at++
          // What lies behind a gap is dropped and counted, as it would have been with one worker.
          if (line.cut) leaving.end()
        }
      } else if (!line && areAllEnded()) return
      else {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        idle(!line)
        await woken
      }
    }
  }

  /** There may be something to take, or nothing more to wait for. */
  wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Nothing more is taken. */
  close(): void {
    this.#closed = true
    this.wakeUp()
  }

  /** A share was given to a worker: maybe when all before it were through already. */
  given(line: Line): void {
    if (line === this.#current) this.#sayTurn(line)
  }

  /** All shares before this one are through. */
  #isTurnOf(line: Line | undefined): void {
    if (line === this.#current) return
    this.#current = line
    this.#given.headers.first(line)
    if (line && line.part >= 0) this.#sayTurn(line)
  }

  #sayTurn({ part }: Line): void {
    const { parts, workers } = this.#given.shared
    if (parts.length <= workers) this.#given.say(part, { say: 'turn' })
  }

  /** Returns true at the end of the share. */
  async #take(line: Line, message: InOrder): Promise<boolean> {
    const { leaving, shared, say, firsts } = this.#given
    switch (message.say) {
      case 'through':
        this.#numbers.through(line, message.came)
        return true
      case 'failed':
        throw unpackFailure(message.failure, (node) => this.#numbers.before(line, node))
      case 'keys':
        say(line.part, {
          say: 'decided',
          node: message.node,
          said: firsts.decide(message.node, unpacked(message.keys) as Key[]),
        })
        return false
      case 'held':
        firsts.hold(message.node, unpacked(message.batch))
        return false
      case 'laid':
        await leaving.passLaid(message)
        return false
      case 'encoded':
        await leaving.pass(message.edge, message.piece, message.piece.bytes.length)
        break
      case 'records': {
        const { edge, batch, bytes } = message
        const isPlain = shared.leaves.includes(edge)
        await leaving.pass(edge, isPlain ? batch : this.#numbers.numbered(line, batch as Batch), bytes)
      }
    }
    say(line.part, { say: 'room', edge: message.edge })
    return false
  }
}
