/**
 * Reads two inputs, one before the other. Where the first has nothing to give for a while, the second may be what keeps
 * it from going on (both may come from one source, which waits until the second takes its records); it is read too then,
 * and its records wait.
 */
import type { Batch, Clock, Memory } from '../spec/node.ts'
import { WaitingRecords } from './waiting-records.ts'

/** So long the first may be silent. */
const SILENCE_MS = 20

export class OneSideFirst {
  readonly #first: AsyncIterator<Batch>
  readonly #second: AsyncIterator<Batch>
  readonly #clock: Clock
  readonly #waiting: WaitingRecords<Batch>
  #secondNext: Promise<IteratorResult<Batch>> | undefined
  #secondEnded = false
  #both = false

  constructor(
    sides: { first: AsyncIterable<Batch>; second: AsyncIterable<Batch> },
    { clock, memory }: { clock: Clock; memory: Memory },
  ) {
    this.#first = sides.first[Symbol.asyncIterator]()
    this.#second = sides.second[Symbol.asyncIterator]()
    this.#clock = clock
    this.#waiting = new WaitingRecords(memory)
  }

  /** All batches of the first input. */
  async *first(): AsyncGenerator<Batch> {
    for (;;) {
      const next = this.#first.next()
      if (!this.#both) this.#both = await this.#isSilent(next)
      while (this.#both && !this.#secondEnded) {
        // Until the first one's next batch comes, those of the second are laid aside.
        const side = await Promise.race([next.then(() => 'first'), this.#takeSecond().then(() => 'second')])
        if (side === 'first') break
        const { done, value } = await this.#takeSecond()
        this.#secondNext = undefined
        if (done) this.#secondEnded = true
        else this.#waiting.add(value)
      }
      const { done, value } = await next
      if (done) return
      yield value
    }
  }

  /** All batches of the second one, when the first has ended. */
  async *second(): AsyncGenerator<Batch> {
    for (const batch of this.#waiting) yield batch
    this.#waiting.clear()
    while (!this.#secondEnded) {
      const { done, value } = await this.#takeSecond()
      this.#secondNext = undefined
      if (done) return
      yield value
    }
  }

  /** Leaves both inputs and removes what waits. */
  async end(): Promise<void> {
    this.#waiting.clear()
    await this.#first.return?.()
    await this.#second.return?.()
  }

  #takeSecond(): Promise<IteratorResult<Batch>> {
    if (!this.#secondNext) {
      this.#secondNext = this.#second.next()
      // Whoever awaits it is told; nobody may, when the first one fails.
      this.#secondNext.catch(() => undefined)
    }
    return this.#secondNext
  }

  async #isSilent(next: Promise<unknown>): Promise<boolean> {
    const heard = new AbortController()
    const silence = this.#clock.sleep(SILENCE_MS, heard.signal).then(
      () => true,
      () => false,
    )
    const silent = await Promise.race([
      next.then(
        () => false,
        () => false,
      ),
      silence,
    ])
    heard.abort()
    await silence
    return silent
  }
}
