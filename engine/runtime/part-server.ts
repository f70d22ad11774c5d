/** Runs one worker's shares of one stage and tells the run what comes of them: the far end of a `SharedStage`. */
import type { Key } from '../spec/identity.ts'
import type { Place } from '../spec/division.ts'
import { cannotTravel } from '../spec/travel-error.ts'
import type { Batch, EncodedBatch } from '../spec/node.ts'
import type { PartAside } from './part-aside.ts'
import { PartExchange } from './part-exchange.ts'
import { packFailure } from './part-failure.ts'
import { refuseToSend } from './may-travel.ts'
import { isUncloneable, post } from './part-post.ts'
import { BATCH_WINDOW, WINDOW, type FromPart, type PartPort, type ToPart } from './part-protocol.ts'
import { batchBytes } from './size.ts'
import type { PartOutput, PartWork } from './part-work.ts'
import { packed, unpacked, type Travelling } from './travelling.ts'

/** Batches of one edge on their way, and who waits for one of them to be taken. */
interface Outgoing {
  sent: number
  wake: (() => void) | undefined
}

/** What the part's thread does for it. */
export interface PartThread {
  /** Called once when nothing of the part is needed any more. */
  close(): void
  /** What the thread's page says: loops may end by that before the message has come. */
  isStopAsked(): boolean
  /** Where bytes of contiguous shares go while those before are not through. */
  aside?: PartAside
}

/**
 * When a part asks for the share behind the one at hand: not at all; when it begins that; when it is through with it; or
 * before it says so, because it may hold back records until the last one.
 */
export type More = 'none' | 'early' | 'late' | 'rest'

export class PartServer implements PartOutput {
  readonly exchange: PartExchange
  readonly #work: PartWork
  readonly #port: PartPort
  readonly #outgoing = new Map<string, Outgoing>()
  /** Wait to be told of the headers of edges. */
  readonly #headers = new Map<string, (answer?: { header?: unknown }) => void>()
  readonly #thread: PartThread
  /** Nodes whose states were sent. */
  readonly #sent = new Set<string>()
  /** Waits for the share that was asked for. */
  #given: (share: { work: unknown } | undefined) => void = () => {}
  /** Whether the shares before the one at hand are known to be through. */
  #isFirst = false
  /** Another part does its share. */
  #sits = false
  /** Waits for the word to begin. */
  #begin: (sits: boolean) => void = () => {}
  #stopped = false
  #ended = false
  #over = false

  /** @param place which part of the stage it is */
  constructor(work: PartWork, port: PartPort, place: Place, thread: PartThread) {
    this.#work = work
    this.#port = port
    this.#thread = thread
    this.exchange = new PartExchange(place, (message, transfer) => this.#sayCloned(message, transfer))
    port.on('message', (message) => this.#hear(message as ToPart))
  }

  /**
   * Settles when the shares are done and all is said, before `close`; never rejects.
   * @param more where there may be more shares than the first one: when they are asked for
   */
  async run(first: unknown, more: More): Promise<void> {
    try {
      await this.#work.run(this.#shares(first, more), this)
    } catch (error) {
      this.#sayLaid()
      if (!this.#over) this.#say({ say: 'failed', failure: packFailure(error) })
    }
    this.#ended = true
    if (this.#over) return this.#finish()
    this.#sayLaid()
    this.#say({ say: 'ended', came: this.#work.came(), stopped: this.#isStopped })
  }

  async *#shares(first: unknown, more: More): AsyncGenerator<unknown> {
    let coming = more === 'early' ? this.#wanted() : undefined
    yield first
    // One that was cut short is not through.
    while (more !== 'none' && !this.#over && !this.#isStopped) {
      // What is held until the source has ended is still of the last share.
      const last = more === 'rest' ? await this.#wanted() : undefined
      if (more === 'rest' && (!last || this.#over)) return
      this.#sayLaid()
      this.#say({ say: 'next', came: this.#work.came() })
      const share = last ?? (await (coming ?? this.#wanted()))
      if (!share || this.#over) return
      if (coming) coming = this.#wanted()
      yield share.work
    }
  }

  get #isStopped(): boolean {
    return this.#stopped || this.#thread.isStopAsked()
  }

  #wanted(): Promise<{ work: unknown } | undefined> {
    return new Promise((resolve) => {
      this.#given = resolve
      this.#say({ say: 'want' })
    })
  }

  get isLocal(): boolean {
    return this.#port.isLocal ?? false
  }

  records(edge: string, batch: Travelling, bytes = batchBytes(batch as Batch)): void | Promise<void> {
    this.#say({ say: 'records', edge, batch, bytes })
    return this.#isSent(edge, BATCH_WINDOW)
  }

  encoded(edge: string, piece: EncodedBatch): void | Promise<void> {
    const { aside } = this.#thread
    // The shares before may take as long as this one: waiting for them would be the end of working side by side.
    const waits = !this.#isFirst && this.#of(edge).sent >= WINDOW - 1
    if (aside && !this.#over && (waits || aside.has(edge))) return aside.lay(edge, piece)
    this.#say({ say: 'encoded', edge, piece }, [piece.bytes.buffer as ArrayBuffer])
    return this.#isSent(edge, WINDOW)
  }

  header(edge: string): Promise<{ header?: unknown } | undefined> {
    if (this.#over) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#headers.set(edge, resolve)
      this.#say({ say: 'header', edge })
    })
  }

  keys(node: string, keys: readonly Key[]): void {
    // As one text where they are texts: a tenth of the time of so many.
    this.#say({ say: 'keys', node, keys: this.isLocal ? keys : packed(node, keys as Batch) })
  }

  held(node: string, records: Batch): void {
    if (this.isLocal) refuseToSend(node, records)
    this.#say({ say: 'held', node, batch: this.isLocal ? records : packed(node, records) })
  }

  async #copy(edge: string, batch: Batch | undefined): Promise<void> {
    const room = this.#work.copy?.(edge, batch)
    if (!batch) return
    if (room) await room
    if (!this.#over) this.#say({ say: 'copied' })
  }

  ready(onDisk: boolean): Promise<boolean> {
    if (this.#over || this.#isStopped || this.#sits) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#begin = (sits) => resolve(!sits)
      this.#say({ say: 'ready', onDisk })
    })
  }

  #headerOf(edge: string, answer?: { header?: unknown }): void {
    const tell = this.#headers.get(edge)
    this.#headers.delete(edge)
    tell?.(answer)
  }

  #sayLaid(): void {
    for (const laid of this.#thread.aside?.taken() ?? []) if (!this.#over) this.#say({ say: 'laid', ...laid })
  }

  #isSent(edge: string, window: number): void | Promise<void> {
    const outgoing = this.#of(edge)
    outgoing.sent++
    if (outgoing.sent < window || this.#over) return
    return new Promise((resolve) => {
      const before = outgoing.wake
      outgoing.wake = () => {
        before?.()
        resolve()
      }
    })
  }

  state(node: string, packed: unknown, transfer?: readonly ArrayBuffer[]): void {
    this.#sayCloned({ say: 'state', node, packed }, transfer)
    this.#sent.add(node)
  }

  hasSent(node: string): boolean {
    return this.#sent.has(node)
  }

  through(): void {
    this.#sayLaid()
    this.#say({ say: 'through', came: this.#work.came(), stopped: this.#isStopped })
  }

  /** What a fold holds travels as it is, or not at all. */
  #sayCloned(message: FromPart, transfer?: readonly ArrayBuffer[]): void {
    try {
      this.#say(message, transfer)
    } catch (error) {
      throw isUncloneable(error) ? cannotTravel(error as Error) : error
    }
  }

  /** The source ends now; the run may hear of it later than this part. */
  stop(): void {
    this.#stopped = true
    this.#work.stop()
    this.#begin(true)
  }

  #hear(message: ToPart): void {
    switch (message.say) {
      case 'room': {
        const outgoing = this.#of(message.edge)
        outgoing.sent--
        this.#wake(outgoing)
        break
      }
      case 'left':
        this.#work.left(message.edge)
        break
      case 'turn':
        this.#isFirst = true
        this.#sayLaid()
        break
      case 'header':
        if (!('header' in message)) this.#isFirst = true
        this.#headerOf(message.edge, message)
        break
      case 'share':
        // Its turn may come with the very next message, before anybody who waits for the share goes on.
        if (message.share) this.#isFirst = false
        this.#given(message.share)
        break
      case 'cede': {
        const ceded = this.#over || this.#ended ? undefined : this.#work.cede?.(message.least)
        this.#say({ say: 'ceded', ...(ceded !== undefined && { share: { work: ceded } }) })
        break
      }
      case 'stop':
        this.stop()
        break
      case 'decided':
        this.#work.decided?.(message.node, message.said)
        break
      case 'begin':
        this.#sits = message.sits
        if (message.sits) this.#work.giveUp?.()
        this.#begin(message.sits)
        break
      case 'copy':
        void this.#copy(message.edge, message.batch && unpacked(message.batch))
        break
      case 'bucket':
      case 'taken':
      case 'gone':
        this.exchange.hear(message)
        break
      case 'fail':
        this.#over = true
        this.#work.fail()
        this.exchange.fail()
        for (const outgoing of this.#outgoing.values()) this.#wake(outgoing)
        for (const edge of this.#headers.keys()) this.#headerOf(edge)
        this.#given(undefined)
        this.#begin(true)
        if (this.#ended) this.#finish()
        break
      case 'over':
        this.#finish()
    }
  }

  #finish(): void {
    this.#port.close()
    this.#thread.close()
  }

  #wake(outgoing: Outgoing): void {
    const { wake } = outgoing
    outgoing.wake = undefined
    wake?.()
  }

  #of(edge: string): Outgoing {
    let outgoing = this.#outgoing.get(edge)
    if (!outgoing) this.#outgoing.set(edge, (outgoing = { sent: 0, wake: undefined }))
    return outgoing
  }

  #say(message: FromPart, transfer?: readonly ArrayBuffer[]): void {
    post(this.#port, message, transfer)
  }
}
