/** The exchange of what the parts of a stage hold, as one part sees it: its pieces for the others, and theirs for it. */
import type { Piece, Place } from '../spec/division.ts'
import { PIECES, type FromPart, type ToPart } from './part-protocol.ts'
import type { PartExchange as Contract } from './part-work.ts'

type Incoming = Extract<ToPart, { say: 'bucket' | 'taken' | 'gone' }>
type Outgoing = Extract<FromPart, { say: 'bucket' | 'taken' }>

/** What goes one way between this part and another one, for one node. */
interface Way {
  /** Pieces that came and were not taken. */
  pieces: Piece[]
  /** The other part has said that these are all. */
  isWhole: boolean
  /** Pieces sent that are not taken yet. */
  sent: number
  /** Whoever waits here: there is one at most. */
  wake: (() => void) | undefined
}

export class PartExchange implements Contract {
  readonly part: number
  readonly parts: number
  readonly #say: (message: Outgoing, transfer?: readonly ArrayBuffer[]) => void
  readonly #in = new Map<string, Way>()
  readonly #out = new Map<string, Way>()
  readonly #gone = new Set<number>()
  #over = false
  #void = false

  /** @param say posts a message to the run */
  constructor({ part, parts }: Place, say: (message: Outgoing, transfer?: readonly ArrayBuffer[]) => void) {
    this.part = part
    this.parts = parts
    this.#say = say
  }

  get isVoid(): boolean {
    return this.#void || this.#over
  }

  send(node: string, to: number, piece: Piece): void | Promise<void> {
    if (this.#hasLeft(to)) return
    const way = wayOf(this.#out, node, to)
    way.sent++
    this.#say({ say: 'bucket', node, to, piece }, piece.buffers)
    if (way.sent < PIECES) return
    return new Promise((resolve) => {
      way.wake = resolve
    })
  }

  end(node: string, to: number): void {
    if (!this.#hasLeft(to)) this.#say({ say: 'bucket', node, to })
  }

  async *pieces(node: string, from: number): AsyncGenerator<Piece> {
    for (;;) {
      const piece = await this.next(node, from)
      if (piece === 'gone') this.#void = true
      if (typeof piece === 'string') return
      yield piece
    }
  }

  async next(node: string, from: number): Promise<Piece | 'whole' | 'gone'> {
    const way = wayOf(this.#in, node, from)
    for (;;) {
      const piece = this.#over ? undefined : way.pieces.shift()
      if (piece) {
        this.#say({ say: 'taken', node, from })
        return piece
      }
      if (way.isWhole) return 'whole'
      if (this.#hasLeft(from)) return 'gone'
      await new Promise<void>((resolve) => {
        way.wake = resolve
      })
    }
  }

  hear(message: Incoming): void {
    switch (message.say) {
      case 'bucket': {
        const way = wayOf(this.#in, message.node, message.from)
        if (message.piece) way.pieces.push(message.piece)
        else way.isWhole = true
        wakeUp(way)
        break
      }
      case 'taken': {
        const way = wayOf(this.#out, message.node, message.to)
        way.sent--
        wakeUp(way)
        break
      }
      case 'gone':
        this.#gone.add(message.part)
        this.#wakeAll()
    }
  }

  /** The run has failed: nothing more is sent, and nobody waits. */
  fail(): void {
    this.#over = true
    this.#wakeAll()
  }

  #hasLeft(part: number): boolean {
    return this.#over || this.#gone.has(part)
  }

  #wakeAll(): void {
    for (const ways of [this.#in, this.#out]) for (const way of ways.values()) wakeUp(way)
  }
}

function wayOf(ways: Map<string, Way>, node: string, part: number): Way {
  const id = `${part} ${node}`
  let way = ways.get(id)
  if (!way) ways.set(id, (way = { pieces: [], isWhole: false, sent: 0, wake: undefined }))
  return way
}

function wakeUp(way: Way): void {
  const { wake } = way
  way.wake = undefined
  wake?.()
}
