/** A share of files while it is read: the end of it, as far as it is not begun, may be given to another worker. */
import type { FilePart, FileShare, OpenPart } from './file-part.ts'

export class OpenShare {
  readonly #parts: OpenPart[]
  /** Which part is read now. */
  #at = -1

  constructor(share: FileShare) {
    this.#parts = share.map((part) => ({ ...part }))
  }

  /** Its parts, each when it is to be read. */
  *parts(): Generator<OpenPart> {
    while (++this.#at < this.#parts.length) yield this.#parts[this.#at]!
  }

  /**
   * Cuts off about half of the bytes that are not begun.
   * @param least bytes that must be left for that
   * @returns them as a share, or undefined where they are too few, or cannot be cut
   */
  cede(least: number): FileShare | undefined {
    if (this.#at < 0) return undefined
    const left = this.#parts.reduce((sum, part, at) => sum + part.to - this.#freeFrom(part, at), 0)
    if (left < least) return undefined
    const ceded: FilePart[] = []
    let wanted = left / 2
    for (let at = this.#parts.length - 1; wanted >= 1 && at >= this.#at; at--) {
      const part = this.#parts[at]!
      const from = this.#freeFrom(part, at)
      const whole = at > this.#at && part.to - part.from <= wanted
      // A packed file is read by one worker; of others a piece is cut off.
      const cut = whole ? part.from : part.packed ? part.to : Math.max(from, Math.ceil(part.to - wanted))
      if (cut >= part.to) break
      wanted -= part.to - cut
      const { begun: _, ...piece } = part
      ceded.unshift({ ...piece, from: cut })
      if (whole) this.#parts.pop()
      else {
        part.to = cut
        break
      }
    }
    return ceded.length > 0 ? ceded : undefined
  }

  /** From where on a part may be given away. */
  #freeFrom({ from, to, begun = to, packed }: OpenPart, at: number): number {
    if (at > this.#at) return from
    return at < this.#at || packed ? to : Math.min(begun, to)
  }
}
