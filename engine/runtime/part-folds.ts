/**
 * What the folds of a part hold at its end: sent to the run as it is, or, where all parts hold much, divided among them
 * by key first, so that each key is held by one of them and the run has only to put the results in order.
 */
import type { Division } from '../spec/division.ts'
import { NodeFailure } from './failure.ts'
import { isOver, packFold, type EndingNode } from './fold-end.ts'
import type { Folding } from './fused-members.ts'
import type { Pacer } from './pacer.ts'
import type { PartOutput } from './part-work.ts'
import { FINISH_MS, LEAST_FINISH_MS } from './run-setup.ts'
import { stopwatch } from './stopwatch.ts'

interface Held {
  node: EndingNode
  folding: Folding
}

/** In place of the word of a part that does not take part: nobody exchanges anything of the node then. */
const SILENT = null

export class PartFolds {
  readonly #held: Held[] = []
  readonly #out: PartOutput
  readonly #pacer: Pacer
  readonly #others: readonly number[]
  #began = 0
  readonly #stoppedAt: () => number | undefined

  /** @param stoppedAt when the run was told to stop, if it was */
  constructor(out: PartOutput, pacer: Pacer, stoppedAt: () => number | undefined) {
    this.#out = out
    this.#pacer = pacer
    this.#stoppedAt = stoppedAt
    const { part, parts } = out.exchange
    this.#others = Array.from({ length: parts }, (_, at) => at).filter((at) => at !== part)
  }

  add(node: EndingNode, folding: Folding): void {
    this.#held.push({ node, folding })
  }

  /** Sends it all. @throws NodeFailure */
  async send(): Promise<void> {
    this.#began = performance.now()
    const much = this.#held.filter((held) => this.#isDivided(held))
    for (const held of this.#held) {
      if (much.includes(held)) continue
      if (held.folding.fold.keyed && !this.#out.hasSent(held.node.id)) this.#sayWord(held.node, SILENT)
      this.#sendWhole(held)
    }
    if (much.length === 0) return
    this.#out.through()
    for (const held of much) {
      try {
        if (!(await this.#divide(held))) return
      } catch (error) {
        throw error instanceof NodeFailure ? error : new NodeFailure(held.node.id, error)
      }
    }
  }

  #isDivided({ node, folding: { fold, state } }: Held): boolean {
    if (this.#others.length === 0 || this.#isOver(node)) return false
    // A state of another share is with the run already.
    return fold.keyed !== undefined && !this.#out.hasSent(node.id) && fold.keyed.isMuch(state)
  }

  #sendWhole({ node, folding }: Held): void {
    try {
      packFold(folding, node, (packed) => this.#out.state(node.id, packed))
    } catch (error) {
      throw new NodeFailure(node.id, error)
    }
  }

  #sayWord({ id }: EndingNode, word: unknown): void {
    // The first piece finds room.
    for (const to of this.#others) void this.#out.exchange.send(id, to, { data: word })
  }

  /** False where this part, or another one, does not want to go on. */
  async #divide(held: Held): Promise<boolean> {
    const { node, folding } = held
    const { exchange } = this.#out
    const division = folding.fold.keyed!.divide(folding.state, exchange)
    this.#sayWord(node, division.word)
    const words: unknown[] = []
    words[exchange.part] = division.word
    for (const from of this.#others) {
      const said = await exchange.next(node.id, from)
      words[from] = typeof said === 'string' ? SILENT : said.data
    }
    if (words.includes(SILENT)) {
      this.#sendWhole(held)
      return true
    }
    if (!(await this.#work(node, division.prepare(words))).done) return false
    const sent = this.#others.map((to) => this.#sendTo(to, node, division))
    const ends = await Promise.all([this.#takeAll(node, division), ...sent])
    if (!ends.every(Boolean)) return false
    const { done, result } = await this.#work(node, division.owned())
    if (done) this.#out.state(node.id, { ...result, buffers: undefined }, result!.buffers)
    return done
  }

  async #sendTo(to: number, node: EndingNode, division: Division): Promise<boolean> {
    const { exchange } = this.#out
    for (const piece of division.piecesFor(to)) {
      const room = piece && exchange.send(node.id, to, piece)
      if (room) await room
      if (!(await this.#turn(node))) return false
    }
    exchange.end(node.id, to)
    return true
  }

  /** The nearest parts come first: see `Division.take`. */
  async #takeAll(node: EndingNode, division: Division): Promise<boolean> {
    const { exchange } = this.#out
    const { part } = exchange
    const before = this.#others.filter((at) => at < part).toReversed()
    for (const from of [...before, ...this.#others.filter((at) => at > part)]) {
      for (;;) {
        const piece = await exchange.next(node.id, from)
        if (piece === 'gone') return false
        if (piece === 'whole') break
        const start = stopwatch.read()
        division.take(from, piece)
        node.meters.add('busyMs', stopwatch.read() - start)
        if (!(await this.#turn(node))) return false
      }
    }
    return true
  }

  /** Goes through the steps of something, as far as somebody wants it. */
  async #work<Result>(
    node: EndingNode,
    steps: Generator<undefined, Result>,
  ): Promise<{ done: boolean; result?: Result }> {
    for (;;) {
      const start = stopwatch.read()
      const step = steps.next()
      node.meters.add('busyMs', stopwatch.read() - start)
      if (step.done) return { done: true, result: step.value }
      if (!(await this.#turn(node))) return { done: false }
    }
  }

  /** Gives the event loop its turn. False where nobody wants what comes: this part ends then, and the others hear it. */
  async #turn(node: EndingNode): Promise<boolean> {
    const turn = this.#pacer.due(stopwatch.read())
    if (turn) await turn
    return !this.#isOver(node)
  }

  /** What takes too long after a stop is left: the run hears that this part has not sent it. */
  #isOver(node: EndingNode): boolean {
    if (isOver(node, this.#began)) return true
    const now = performance.now()
    return now - (this.#stoppedAt() ?? now) >= FINISH_MS && now - this.#began >= LEAST_FINISH_MS
  }
}
