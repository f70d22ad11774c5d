/** The end of an edge in a part worker where records become bytes: collected until they are worth a message. */
import type { Batch, EncodedBatch, EncodeBehaviour } from '../spec/node.ts'
import type { Receiver } from './output-port.ts'

/** Characters that are worth a message. */
const PIECE = 512 * 1024

const encoder = new TextEncoder()

export class EncodedLine implements Receiver {
  /** No queue lies behind it: what it holds is bounded by itself. */
  readonly direct = true
  readonly #encode: NonNullable<ReturnType<EncodeBehaviour<unknown>>>
  readonly #send: (piece: EncodedBatch) => void | Promise<void>
  #text = ''
  #records = 0
  #failures: EncodedBatch['failures'][number][] = []

  constructor(
    encode: NonNullable<ReturnType<EncodeBehaviour<unknown>>>,
    send: (piece: EncodedBatch) => void | Promise<void>,
  ) {
    this.#encode = encode
    this.#send = send
  }

  accept(batch: Batch): void | Promise<void> {
    const { text, failures } = this.#encode(batch)
    for (const failure of failures) this.#failures.push({ ...failure, index: this.#records + failure.index })
    this.#text += text
    this.#records += batch.length
    // Failed records are whole ones: they are not collected for long.
    if (this.#text.length >= PIECE || this.#failures.length > 0) return this.flush()
  }

  flush(): void | Promise<void> {
    if (this.#records === 0) return
    // A buffer of its own, which can be handed over.
    const piece = { length: this.#records, bytes: encoder.encode(this.#text), failures: this.#failures }
    this.#text = ''
    this.#records = 0
    this.#failures = []
    return this.#send(piece)
  }

  end(): void {}
}
