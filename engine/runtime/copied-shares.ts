/**
 * The shares of a stage whose workers have to hold a copy of something before they begin. Where that is more than their
 * part of the memory, the first one does the shares of all, with the memory of all: beside the disk, two are slower than one.
 */
import type { SharedStage } from '../plan/run-plan.ts'
import type { CopiedEdges } from './copied-edges.ts'
import type { PartPort, ToPart } from './part-protocol.ts'
import type { Line, Part } from './share-line.ts'

export interface CopiedSharesParts {
  shared: SharedStage
  ports: readonly PartPort[]
  parts(): readonly Part[]
  /** One for each worker. */
  lines: readonly Line[]
  edges: CopiedEdges
  /** False where no more are to be done. */
  isOpen(): boolean
}

export class CopiedShares {
  readonly #given: CopiedSharesParts
  /** Workers that have all they were sent, or cannot hold it. */
  readonly #ready = new Set<number>()
  #sitOut = false

  constructor(given: CopiedSharesParts) {
    this.#given = given
  }

  /** A worker has all that it was sent, or cannot hold it in memory. */
  ready(part: number, onDisk: boolean): void {
    const { ports } = this.#given
    this.#ready.add(part)
    if (part > 0 && onDisk && !this.#sitOut) this.#letSitOut()
    if (!this.#sitOut && this.#ready.size < ports.length) return
    ports.forEach((_, at) => {
      if (this.#ready.has(at)) this.#say(at, { say: 'begin', sits: this.#sitOut && at > 0 })
    })
  }

  /** A worker asks whether it is to do another one, before it says that the one at hand is through. */
  wanted(at: number): void {
    const { parts, lines, isOpen } = this.#given
    const line = isOpen() ? lines.find(({ part }) => part < 0) : undefined
    if (line) {
      line.part = at
      parts()[at]!.next = line
    }
    this.#say(at, { say: 'share', ...(line && { share: { work: line.work } }) })
  }

  /** A worker does no more: shares that are left to it are not done, because of a stop. */
  ended(at: number): void {
    const { edges, shared, lines } = this.#given
    edges.ended(at)
    if (at > 0 || shared.copies.length === 0) return
    for (const line of lines) {
      if (line.part >= 0) continue
      line.cut = true
      line.messages.push({ say: 'through', came: {} })
    }
  }

  #letSitOut(): void {
    const { shared, edges, parts } = this.#given
    this.#sitOut = true
    parts().forEach((part, at) => {
      if (at === 0) return
      edges.ended(at)
      if (part.line) Object.assign(part.line, { part: -1, work: shared.parts[at] })
      part.line = undefined
      this.#say(at, { say: 'begin', sits: true })
    })
    if (parts()[0]!.ended) this.ended(0)
    edges.tell(TOO_MUCH)
  }

  #say(at: number, message: ToPart): void {
    this.#given.ports[at]!.postMessage(message)
  }
}

const TOO_MUCH =
  'One worker does all of it: what it holds is more than a copy for each may take. With more memory for the run all would work.'
