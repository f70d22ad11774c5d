/**
 * In a part: a node that sends the first record of each key one way, and the others another. The records stay here; their
 * keys go to the run's thread, which knows those of all pieces before and says what each record is.
 */
import { BATCH_RECORDS } from '../spec/batches.ts'
import { reasonOf } from '../spec/expression.ts'
import type { Key } from '../spec/identity.ts'
import type { AnyNodeType, Batch, DataRecord, ErrorRecord } from '../spec/node.ts'
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Firsts } from '../spec/shared-work.ts'
import { FIRST, HELD, OTHER } from './first-deciders.ts'
import { KeySieve } from '../spill/key-sieve.ts'
import type { NodeMeters } from './meter.ts'
import { both, type Receiver } from './output-port.ts'
import type { Pacer } from './pacer.ts'
import type { PartOutput } from './part-work.ts'
import type { RestOf } from './rest-of.ts'
import { RuntimeNode, type RunOwner } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

/** Batches that may wait for what is said of them: those of a piece, which is decided when those before it are through. */
const MOST_BATCHES = 64

/** A batch on its way. */
interface Asked {
  records: DataRecord[]
  /** Places of the records whose keys were sent; the others are not the first of their key for certain. */
  places: number[]
  /** What was said of those. */
  said?: Uint8Array
}

export interface PartFirstsParts {
  firsts: Firsts
  out: PartOutput
  pacer: Pacer
  owner: RunOwner
}

export class PartFirsts extends RuntimeNode implements Receiver {
  readonly direct = true
  /** Laid by the part, one for each wire in: tells its sender that no more is wanted. */
  readonly feeders: (() => void)[] = []
  /** Records that have come so far. */
  came = 0
  readonly #given: PartFirstsParts
  /** Keys of records that this worker has sent before: its pieces come in ascending order. */
  readonly #met = new KeySieve()
  /** Not yet sent on, the oldest first. */
  #asked: Asked[] = []
  /** Batches that are not sent on yet. */
  #open = 0
  #sent: Promise<unknown> = Promise.resolve()
  #wakes: (() => void)[] = []
  #over = false
  #feedersEnded = 0
  readonly #startedAt = performance.now()

  constructor(id: string, type: AnyNodeType, meters: NodeMeters, given: PartFirstsParts) {
    super(id, type, meters, given.owner)
    this.#given = given
  }

  accept(batch: Batch): void | Promise<void> {
    const { metered } = this.owner
    if (metered) this.meters.add('in', batch.length)
    if (this.#over) {
      this.meters.add('dropped', batch.length)
      return
    }
    this.meters.setState('running')
    this.meters.runs()
    const start = stopwatch.now
    const { records, places, keys, failures } = this.#read(batch)
    if (metered) this.meters.add('busyMs', stopwatch.read() - start)
    if (records.length > 0) {
      this.#asked.push({ records, places })
      this.#open++
      if (keys.length > 0) this.#given.out.keys(this.id, keys)
      else this.#goOn()
    }
    // Behind the others: where one of them fails in a node behind, that one is told of.
    const pending = failures.length > 0 ? this.#refuse(failures) : undefined
    const room = this.#open >= MOST_BATCHES ? this.#until(() => this.#open < MOST_BATCHES) : undefined
    return both(pending || undefined, room) as Promise<void> | undefined
  }

  /** What the run's thread says of the oldest batch that was asked for. */
  decided(said: Uint8Array): void {
    const asked = this.#asked.find(({ places, said }) => places.length > 0 && !said)
    if (!asked || this.#over) return
    asked.said = said
    this.#goOn()
  }

  /** Sends what is decided, as far as nothing before it is open. */
  #goOn(): void {
    for (;;) {
      const [oldest] = this.#asked
      if (!oldest || (oldest.places.length > 0 && !oldest.said)) return
      this.#asked.shift()
      this.#sent = this.#sent
        .then(() => this.#send(oldest))
        .catch((error: unknown) => this.owner.fail(error))
        .finally(() => {
          this.#open--
          this.#wakeUp()
        })
    }
  }

  /** Settles when all that came is sent on, or dropped. */
  flush(): Promise<void> {
    return this.#until(() => this.#open === 0)
  }

  /** Sends what was held until all had come. */
  async sendRest({ decided }: RestOf): Promise<void> {
    let [firsts, others]: [DataRecord[], DataRecord[]] = [[], []]
    try {
      for (const one of decided) {
        if (this.#over) return
        if (one) (one.first ? firsts : others).push(one.record)
        else await this.#given.pacer.due(stopwatch.read())
        if (firsts.length + others.length < BATCH_RECORDS) continue
        await this.#sendBoth(firsts, others)
        ;[firsts, others] = [[], []]
      }
      await this.#sendBoth(firsts, others)
    } catch (error) {
      if (!this.owner.failed) this.failWith(error)
    }
  }

  end(): void | Promise<void> {
    if (++this.#feedersEnded < this.feeders.length) return
    return this.flush().then(async () => {
      if (this.owner.failed) return
      await this.endOutputs()
      this.meters.setState(this.owner.endState)
    })
  }

  /** Nobody wants more, or the run ends: what waits is dropped and counted. */
  endEarly(): void {
    if (this.#over) return
    this.#over = true
    for (const { records } of this.#asked) this.meters.add('dropped', records.length)
    this.#open -= this.#asked.length
    this.#asked = []
    this.#wakeUp()
    for (const tell of this.feeders) tell()
  }

  tick(now: number): void {
    const busy = this.meters.get('busyMs') + this.meters.get('blockedMs')
    this.meters.set('waitingMs', Math.max(0, now - this.#startedAt - busy))
  }

  #read(batch: Batch): Asked & { keys: Key[]; failures: ErrorRecord[] } {
    const { key, field } = this.#given.firsts
    const records: DataRecord[] = []
    const places: number[] = []
    const keys: Key[] = []
    // Where somebody reads the others they come in their order: one that memory cannot decide comes at the end.
    const met = this.outputs.get(this.#given.firsts.other)!.isWired ? undefined : this.#met
    const failures: ErrorRecord[] = []
    for (const record of batch) {
      const number = ++this.came
      try {
        const own = key(record)
        records.push(record)
        if (met?.isOfUse && met.hasMet(own)) continue
        places.push(records.length - 1)
        keys.push(own)
      } catch (error) {
        failures.push({ reason: reasonOf(error), record, number, field, node: this.id })
        // The run fails: nothing behind this record is of use.
        if (!this.outputs.get(ERROR_PORT_NAME)?.isWired) break
      }
    }
    return { records, places, keys, failures }
  }

  #refuse(failures: ErrorRecord[]): void | Promise<void> {
    if (this.outputs.get(ERROR_PORT_NAME)?.isWired) return this.reject(failures)
    return this.flush().then(() => {
      if (!this.owner.failed) return this.reject(failures)
    })
  }

  async #send({ records, places, said }: Asked): Promise<void> {
    if (this.#over) {
      this.meters.add('dropped', records.length)
      return
    }
    const [firsts, others, held]: [DataRecord[], DataRecord[], DataRecord[]] = [[], [], []]
    let next = 0
    for (let at = 0; at < records.length; at++) {
      const is = places[next] === at ? said![next++] : OTHER
      ;(is === FIRST ? firsts : is === HELD ? held : others).push(records[at])
    }
    if (held.length > 0) this.#given.out.held(this.id, held)
    await this.#sendBoth(firsts, others)
  }

  async #sendBoth(firsts: DataRecord[], others: DataRecord[]): Promise<void> {
    const { first, other } = this.#given.firsts
    stopwatch.read()
    const room = both(
      firsts.length > 0 ? this.outputs.get(first)!.sendInPieces(firsts) || undefined : undefined,
      others.length > 0 ? this.outputs.get(other)!.sendInPieces(others) : undefined,
    )
    if (room) await room
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!this.#over && !this.owner.failed && !isSo())
      await new Promise<void>((resolve) => this.#wakes.push(resolve))
  }

  #wakeUp(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }
}
