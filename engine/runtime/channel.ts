/**
 * A channel: the queue of one edge between two stages, bounded by records and bytes. It only ever blocks.
 *
 * States:  open ──end()──▶ ended (what is queued can still be read)
 *          open ──leave()─▶ left (nobody reads any more: what is queued and what comes is dropped and counted)
 */
import type { Batch, EncodedBatch } from '../spec/node.ts'
import type { EdgeMeters } from './meter.ts'

export interface ChannelCapacity {
  records: number
  bytes: number
}

/** What travels: records, or bytes that so many records were made. The latter are never cut. */
export type Queued = Batch | EncodedBatch

/** Where a channel counts. */
export type QueueMeters = Pick<EdgeMeters, 'dropped' | 'queued'>

interface Entry<Item> {
  batch: Item
  bytes: number
}

interface Waiting<Item> extends Entry<Item> {
  resolve: () => void
}

export class Channel<Item extends Queued = Batch> {
  readonly #capacity: ChannelCapacity
  readonly #meters: QueueMeters
  #queue: Entry<Item>[] = []
  #head = 0
  #records = 0
  #bytes = 0
  #waiting: Waiting<Item>[] = []
  #state: 'open' | 'ended' | 'left' = 'open'
  /** Called when there may be something to read, or the end. */
  onReadable: () => void = () => {}
  /** Called once when the reader has left. */
  onLeft: () => void = () => {}

  constructor(capacity: ChannelCapacity, meters: QueueMeters) {
    this.#capacity = capacity
    this.#meters = meters
  }

  get records(): number {
    return this.#records
  }
  get hasLeft(): boolean {
    return this.#state === 'left'
  }
  /** Ended by the sender and read empty. */
  get isFinished(): boolean {
    return this.#state !== 'open' && this.#records === 0 && this.#waiting.length === 0
  }

  /** Returns nothing when there was room, else a promise that resolves when all of the batch found room. */
  push(batch: Item, bytes: number): void | Promise<void> {
    if (this.#state !== 'open') {
      this.#meters.dropped(batch.length)
      return
    }
    if (this.#waiting.length === 0 && this.#fits({ batch, bytes })) {
      this.#admit({ batch, bytes })
      return
    }
    return this.#wait(batch, bytes)
  }

  /** The oldest batch, or undefined when there is none now. */
  shift(): Item | undefined {
    const entry = this.#queue[this.#head]
    if (!entry) return undefined
    this.#queue[this.#head] = undefined as unknown as Entry<Item>
    this.#head++
    // Keeps the array from growing without moving its contents at every read.
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    }
    this.#records -= entry.batch.length
    this.#bytes -= entry.bytes
    this.#admitWaiting()
    this.#report()
    return entry.batch
  }

  /** No more will be sent. */
  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.onReadable()
  }

  /** No more will be read. */
  leave(): void {
    if (this.#state === 'left') return
    const wasOpen = this.#state === 'open'
    this.#state = 'left'
    this.discard()
    if (wasOpen) this.onLeft()
  }

  /** Drops and counts what is queued and lets blocked senders go. */
  discard(): void {
    let dropped = this.#records
    const waiting = this.#waiting
    this.#waiting = []
    for (const { batch } of waiting) dropped += batch.length
    this.#queue = []
    this.#head = 0
    this.#records = 0
    this.#bytes = 0
    this.#meters.dropped(dropped)
    this.#report()
    for (const { resolve } of waiting) resolve()
  }

  /** What cannot be cut any smaller fits where nothing else is. */
  #fits({ batch, bytes }: Entry<Item>): boolean {
    const records = batch.length
    if (this.#records === 0)
      return (
        'bytes' in batch ||
        (records <= this.#capacity.records && (bytes <= this.#capacity.bytes || records === 1))
      )
    return this.#records + records <= this.#capacity.records && this.#bytes + bytes <= this.#capacity.bytes
  }

  #admit(entry: Entry<Item>): void {
    this.#queue.push(entry)
    this.#records += entry.batch.length
    this.#bytes += entry.bytes
    this.#report()
    this.onReadable()
  }

  #admitWaiting(): void {
    for (;;) {
      const next = this.#waiting[0]
      if (!next || !this.#fits(next)) return
      this.#waiting.shift()
      this.#admit(next)
      next.resolve()
    }
  }

  /** A batch larger than the whole capacity goes in slices, so that the bound holds whatever is sent. */
  #wait(batch: Item, bytes: number): Promise<void> {
    const needed = Math.max(
      Math.ceil(batch.length / this.#capacity.records),
      Math.ceil(bytes / this.#capacity.bytes),
    )
    const slices = 'bytes' in batch ? 1 : Math.min(batch.length, needed)
    const size = Math.ceil(batch.length / slices)
    return new Promise((resolve) => {
      for (let from = 0; from < batch.length; from += size) {
        const slice =
          'bytes' in batch || slices === 1 ? batch : (batch.slice(from, from + size) as Batch as Item)
        const last = from + size >= batch.length
        this.#waiting.push({
          batch: slice,
          bytes: Math.ceil((bytes * slice.length) / batch.length),
          resolve: last ? resolve : () => {},
        })
      }
      this.#admitWaiting()
      this.#report()
    })
  }

  #report(): void {
    const fill = Math.max(this.#records / this.#capacity.records, this.#bytes / this.#capacity.bytes)
    // Something waiting outside means full, also where the last batch did not fit to the brim.
    this.#meters.queued(this.#records, this.#bytes, this.#waiting.length > 0 ? 1 : Math.min(1, fill))
  }
}
