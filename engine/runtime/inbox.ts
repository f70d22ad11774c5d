/** What a node reads: the channels of one input port, taken in turn so that none starves. */
import type { Batch } from '../spec/node.ts'
import type { Channel, Queued } from './channel.ts'

export class Inbox<Item extends Queued = Batch> {
  readonly #channels: Channel<Item>[]
  #turn = 0
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor(channels: Channel<Item>[]) {
    this.#channels = channels
    for (const channel of channels) channel.onReadable = () => this.#notify()
  }

  /** A batch, undefined at the end of all channels, or a promise where nothing is there yet. Throws when the run failed. */
  next(): Item | undefined | Promise<Item | undefined> {
    if (this.#failure) throw this.#failure
    const count = this.#channels.length
    let open = false
    for (let i = 0; i < count; i++) {
      const channel = this.#channels[(this.#turn + i) % count]!
      const batch = channel.shift()
      if (batch) {
        this.#turn = (this.#turn + i + 1) % count
        return batch
      }
      if (!channel.isFinished) open = true
    }
    if (!open) return undefined
    return new Promise<void>((resolve) => {
      this.#wake = resolve
    }).then(() => this.next())
  }

  /** The reader wants no more; where it waits for a batch, it is told that this is the end. */
  leave(): void {
    for (const channel of this.#channels) channel.leave()
    this.#notify()
  }

  /** Makes the reader's next read throw: the run has failed. */
  fail(error: Error): void {
    this.#failure = error
    this.#notify()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
