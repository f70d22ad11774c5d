/**
 * What the first record of an edge decides for all of them (`Encoder`), among parts that encode shares of the records:
 * the share that has the first one decides, those behind it wait to be told.
 */
import type { FromPart, ToPart } from './part-protocol.ts'

/** A share whose worker asks. */
interface Asker {
  part: number
}

export class SharedHeaders {
  readonly #say: (part: number, message: ToPart) => void
  /** By edge, once decided. */
  readonly #known = new Map<string, unknown>()
  #asking: { share: Asker; edge: string }[] = []
  /** The share that everything before is through. */
  #first: Asker | undefined

  constructor(say: (part: number, message: ToPart) => void) {
    this.#say = say
  }

  /** A share has a record to encode. */
  asked(share: Asker, edge: string): void {
    this.#asking.push({ share, edge })
    this.#answer()
  }

  /** All shares before this one are through: where nothing was decided, it decides. */
  first(share: Asker | undefined): void {
    if (share === this.#first) return
    this.#first = share
    this.#answer()
  }

  /** A piece may hold the record that decides. */
  sent({ edge, piece }: Extract<FromPart, { say: 'encoded' }>): void {
    if (piece.header === undefined) return
    this.#known.set(edge, piece.header)
    this.#answer()
  }

  #answer(): void {
    this.#asking = this.#asking.filter(({ share, edge }) => {
      const known = this.#known.has(edge)
      if (!known && share !== this.#first) return true
      this.#say(share.part, { say: 'header', edge, ...(known && { header: this.#known.get(edge) }) })
      return false
    })
  }
}
