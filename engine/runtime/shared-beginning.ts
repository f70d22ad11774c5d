/**
 * When the workers of a stage begin that have to hold a copy of something first: as soon as all of them have it. Where
 * that is more than their part of the memory, the first one does all shares, with the memory of all.
 */
import type { PartPort, ToPart } from './part-protocol.ts'

export class SharedBeginning {
  readonly #ports: readonly PartPort[]
  readonly #sitOut: () => void
  readonly #ready = new Set<number>()
  #sits = false

  /** @param sitOut called where all but the first worker sit out, before anybody begins */
  constructor(ports: readonly PartPort[], sitOut: () => void) {
    this.#ports = ports
    this.#sitOut = sitOut
  }

  /** A worker has all that it was sent, or cannot hold it in memory. */
  ready(part: number, onDisk: boolean): void {
    this.#ready.add(part)
    if (part > 0 && onDisk && !this.#sits) {
      this.#sits = true
      this.#sitOut()
      this.#ports.forEach((port, at) => {
        if (at > 0) port.postMessage({ say: 'begin', sits: true } satisfies ToPart)
      })
    }
    if (!this.#sits && this.#ready.size < this.#ports.length) return
    this.#ports.forEach((port, at) => {
      if (this.#ready.has(at) && !(this.#sits && at > 0))
        port.postMessage({ say: 'begin', sits: false } satisfies ToPart)
    })
  }
}
