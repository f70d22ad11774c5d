/** The end of an edge in a part worker where records become bytes: collected until they are worth a message. */
import type { Batch, EncodedBatch, Encoder } from '../spec/node.ts'
import type { Receiver } from './output-port.ts'

/** Characters that are worth a message. */
const PIECE = 512 * 1024

const encoder = new TextEncoder()

export interface EncodedLineEnd {
  /** See `PartOutput.header`. */
  header(): Promise<{ header?: unknown } | undefined>
  send(piece: EncodedBatch): void | Promise<void>
}

export class EncodedLine implements Receiver {
  /** No queue lies behind it: what it holds is bounded by itself. */
  readonly direct = true
  readonly #encoder: Encoder
  readonly #end: EncodedLineEnd
  #text = ''
  #records = 0
  #failures: EncodedBatch['failures'][number][] = []
  /** Whether it is known how records are encoded: in this share, or in all that come. */
  #known: 'not' | 'by this share' | 'for good'
  /** Batches wait for that, one behind the other. */
  #waiting: Promise<void> | undefined

  constructor(encoder: Encoder, end: EncodedLineEnd) {
    this.#encoder = encoder
    this.#end = end
    this.#known = encoder.header ? 'not' : 'for good'
  }

  accept(batch: Batch): void | Promise<void> {
    if (!this.#waiting && this.#known !== 'not') return this.#take(batch)
    const before = this.#waiting ?? this.#learn()
    const taken: Promise<void> = before
      .then(() => this.#take(batch))
      .finally(() => {
        if (this.#waiting === taken) this.#waiting = undefined
      })
    this.#waiting = taken
    return taken
  }

  /** Sends what it holds: at the end of a share, too. */
  async flush(): Promise<void> {
    await this.#waiting
    await this.#sendPiece()
    // The first record may be in a share of somebody else.
    if (this.#known === 'by this share') this.#known = 'not'
  }

  end(): void {}

  async #learn(): Promise<void> {
    const answer = await this.#end.header()
    if (answer && 'header' in answer) {
      this.#encoder.follow!(answer.header)
      this.#known = 'for good'
    } else if (answer) this.#known = 'by this share'
  }

  #take(batch: Batch): void | Promise<void> {
    // The run has failed before anybody could tell.
    if (this.#known === 'not') return
    const { text, failures } = this.#encoder.encode(batch)
    for (const failure of failures) this.#failures.push({ ...failure, index: this.#records + failure.index })
    this.#text += text
    this.#records += batch.length
    // Failed records are whole ones: they are not collected for long. Others wait for what the first record decides.
    const urgent = this.#failures.length > 0 || (this.#known === 'by this share' && text !== '')
    if (urgent || this.#text.length >= PIECE) return this.#sendPiece()
  }

  #sendPiece(): void | Promise<void> {
    if (this.#records === 0) return
    const decided = this.#known === 'by this share' ? this.#encoder.header!() : undefined
    if (decided !== undefined) this.#known = 'for good'
    const piece: EncodedBatch = {
      length: this.#records,
      // A buffer of its own, which can be handed over.
      bytes: encoder.encode(this.#text),
      failures: this.#failures,
      ...(decided !== undefined && { header: decided }),
    }
    this.#text = ''
    this.#records = 0
    this.#failures = []
    return this.#end.send(piece)
  }
}
