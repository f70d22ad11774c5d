/** Runs one worker's shares of one stage and tells the run what comes of them: the far end of a `SharedStage`. */
import { NodeError } from '../spec/node-error.ts'
import type { Batch } from '../spec/node.ts'
import { packFailure } from './part-failure.ts'
import { WINDOW, type FromPart, type PartPort, type ToPart } from './part-protocol.ts'
import type { PartOutput, PartWork } from './part-work.ts'

/** Batches of one edge on their way, and who waits for one of them to be taken. */
interface Outgoing {
  sent: number
  wake: (() => void) | undefined
}

export class PartServer implements PartOutput {
  readonly #work: PartWork
  readonly #port: PartPort
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #close: () => void
  #ended = false
  #over = false

  /** @param close called once when nothing of the part is needed any more */
  constructor(work: PartWork, port: PartPort, close: () => void) {
    this.#work = work
    this.#port = port
    this.#close = close
    port.on('message', (message) => this.#hear(message as ToPart))
  }

  /** Settles when the shares are done and all is said, before `close`; never rejects. */
  async run(shares: AsyncIterable<unknown>): Promise<void> {
    try {
      await this.#work.run(shares, this)
    } catch (error) {
      if (!this.#over) this.#say({ say: 'failed', failure: packFailure(error) })
    }
    this.#ended = true
    if (this.#over) return this.#finish()
    this.#say({ say: 'ended', came: this.#work.came() })
  }

  records(edge: string, batch: Batch): void | Promise<void> {
    const outgoing = this.#of(edge)
    this.#say({ say: 'records', edge, batch })
    outgoing.sent++
    if (outgoing.sent < WINDOW || this.#over) return
    return new Promise((resolve) => {
      const before = outgoing.wake
      outgoing.wake = () => {
        before?.()
        resolve()
      }
    })
  }

  state(node: string, packed: unknown, transfer?: readonly ArrayBuffer[]): void {
    try {
      this.#say({ say: 'state', node, packed }, transfer)
    } catch (error) {
      if (!isUncloneable(error)) throw error
      throw new NodeError(
        `What it holds cannot be sent from thread to thread: ${(error as Error).message}.`,
        {
          remedy: 'Keep functions and the like out of the fields it reads, or run the flow with one worker.',
          cause: error,
        },
      )
    }
  }

  stop(): void {
    this.#work.stop()
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
      case 'stop':
        this.stop()
        break
      case 'fail':
        this.#over = true
        this.#work.fail()
        for (const outgoing of this.#outgoing.values()) this.#wake(outgoing)
        if (this.#ended) this.#finish()
        break
      case 'over':
        this.#finish()
    }
  }

  #finish(): void {
    this.#port.close()
    this.#close()
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
    try {
      this.#port.postMessage(message, transfer)
    } catch (error) {
      if (message.say !== 'records' || !isUncloneable(error)) throw error
      // A record holds what cannot leave the thread (a function, say): its JSON form goes instead.
      this.#port.postMessage({ ...message, batch: JSON.parse(JSON.stringify(message.batch)) as Batch })
    }
  }
}

function isUncloneable(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError'
}
