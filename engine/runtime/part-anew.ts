/**
 * Does each share with work of its own: its folds begin empty, and what they hold is sent before the next share is asked
 * for. So the states of shares that were ceded can be merged in the order of the input, whoever did them.
 */
import type { Batch } from '../spec/node.ts'
import type { PartOutput, PartWork } from './part-work.ts'

export class PartAnew implements PartWork {
  readonly #make: () => PartWork | Promise<PartWork>
  #work: PartWork | undefined
  /** The work of the share before: its last records are shown until there are others. */
  #before: PartWork | undefined
  #ended: 'stopped' | 'failed' | undefined
  readonly #left = new Set<string>()

  constructor(make: () => PartWork | Promise<PartWork>) {
    this.#make = make
  }

  async run(parts: AsyncIterable<unknown>, out: PartOutput): Promise<void> {
    for await (const share of parts) {
      const work = await this.#make()
      this.#before = this.#work
      this.#work = work
      if (this.#ended === 'stopped') work.stop()
      if (this.#ended === 'failed') work.fail()
      for (const edge of this.#left) work.left(edge)
      await work.run(only(share), out)
      // Not asked for more: what was begun has been cut short.
      if (this.#ended) return
    }
  }

  stop(): void {
    this.#ended ??= 'stopped'
    this.#work?.stop()
  }

  fail(): void {
    this.#ended = 'failed'
    this.#work?.fail()
  }

  left(edge: string): void {
    this.#left.add(edge)
    this.#work?.left(edge)
  }

  cede(least: number): unknown | undefined {
    return this.#ended ? undefined : this.#work?.cede?.(least)
  }

  tap(edge: string, limit: number): Batch | undefined {
    const records = this.#work?.tap(edge, limit)
    return records?.length === 0 ? (this.#before?.tap(edge, limit) ?? records) : records
  }

  /** Of the share at hand alone. */
  came(): Record<string, number> {
    return this.#work?.came() ?? {}
  }
}

async function* only(share: unknown): AsyncGenerator<unknown> {
  yield share
}
