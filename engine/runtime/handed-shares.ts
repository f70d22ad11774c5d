/**
 * Hands out the shares that workers take in turn. The run's own thread is one of them; where it has to take what the
 * others send to nodes of its own, it does shares only while there is nothing of theirs to take.
 */
import type { SharedStage } from '../plan/run-plan.ts'
import type { PartPort, ToPart } from './part-protocol.ts'
import type { RestOf } from './rest-of.ts'
import type { Line, Part } from './share-line.ts'

export interface HandedSharesParts {
  shared: SharedStage
  ports: readonly PartPort[]
  parts(): readonly Part[]
  /** The shares that were handed out, in order; new ones are added. */
  lines: Line[]
  /** What was held until all shares are through, for the run's own thread; undefined: nothing more. */
  rest(): RestOf | undefined
  /** False where no more are to be done. */
  isOpen(): boolean
}

export class HandedShares {
  readonly #given: HandedSharesParts
  /** The worker in the run's own thread, while it waits. */
  #waiting: number | undefined

  constructor(given: HandedSharesParts) {
    this.#given = given
  }

  /** A worker has begun a share and asks for the next one, or has done all it has. */
  wanted(at: number): void {
    const { ports, lines } = this.#given
    const isBusy = lines.some(({ part, messages }) => part !== at && messages.length > 0)
    if (ports[at]!.isLocal && ((this.#sendsAll && isBusy) || this.#isForRest())) this.#waiting = at
    else this.#handOut(at)
  }

  /** The run has taken all that was sent. @param isThrough all shares are through */
  idle(isThrough: boolean): void {
    const at = this.#waiting
    if (at === undefined) return
    if (this.#isForRest()) {
      const areOthersEnded = this.#given.parts().every(({ ended }, part) => ended || part === at)
      if (!isThrough || !areOthersEnded) return
    }
    this.#waiting = undefined
    this.#handOut(at)
  }

  /** Its records are sent as they are; where they are told apart before, fewer are, and wait for each other. */
  get #sendsAll(): boolean {
    const { leaves, firsts } = this.#given.shared
    return leaves.length > 0 && firsts.length === 0
  }

  /** All shares are handed out, and records may have been held until all are through. */
  #isForRest(): boolean {
    const { shared, lines, isOpen } = this.#given
    return shared.firsts.length > 0 && isOpen() && lines.length >= shared.parts.length
  }

  #handOut(at: number): void {
    const { shared, ports, parts, lines, isOpen } = this.#given
    const part = parts()[at]!
    const index = lines.length
    const work = isOpen()
      ? (shared.parts[index] ?? (ports[at]!.isLocal ? this.#given.rest() : undefined))
      : undefined
    const isLeft = work !== undefined
    if (isLeft) {
      const line: Line = { part: at, messages: [], cameBefore: part.came }
      lines.push(line)
      if (part.line) part.next = line
      else part.line = line
    }
    const message: ToPart = { say: 'share', ...(isLeft && { share: { work } }) }
    ports[at]!.postMessage(message)
  }
}
