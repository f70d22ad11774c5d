/** One share of a stage as the run sees it, and what numbers in it are raised by to be those of the whole input. */
import type { Batch, ErrorRecord } from '../spec/node.ts'
import type { FromPart, PartPort } from './part-protocol.ts'

/** What a share sends, to be looked at in its turn. */
export type InOrder =
  | Extract<FromPart, { say: 'records' | 'encoded' | 'laid' | 'failed' | 'keys' | 'held' }>
  | { say: 'through'; came: Came }
export type Came = Readonly<Record<string, number>>

/** One share, and its messages that wait for their turn. */
export interface Line {
  /** Who does it; none before a ceded one is handed out. */
  part: number
  /** Of a ceded share. */
  work?: unknown
  messages: InOrder[]
  /** What had come to the nodes of this worker before the share. */
  cameBefore: Came
  /** What the folds of a share held that was done by itself, by node. */
  states?: Map<string, unknown>
  /** Its worker was stopped before the end of it: maybe before the run has heard of that. */
  cut?: boolean
}

/** One part worker. */
export interface Part {
  port: PartPort
  /** The share it does now. */
  line: Line | undefined
  /** The one that it does next, which it has already. */
  next: Line | undefined
  came: Came
  states?: Map<string, unknown>
  /** It was told that nothing it does is of use: whatever it says after that, it does no other share. */
  failed?: true
  ended: boolean
}

/** A new share that was cut off the end of another one, laid behind it in the list. */
export function lineBehind(line: Line, lines: Line[], work: unknown): Line {
  const behind: Line = { part: -1, messages: [], cameBefore: {}, work }
  lines.splice(lines.indexOf(line) + 1, 0, behind)
  return behind
}

export class ShareNumbers {
  /** Records that reached each node in the shares that are through. */
  readonly #before = new Map<string, number>()

  /** A share is through: of its worker so much had come to the nodes at its end. */
  through({ cameBefore }: Line, came: Came): void {
    for (const [node, count] of Object.entries(came))
      this.#before.set(node, (this.#before.get(node) ?? 0) + count - (cameBefore[node] ?? 0))
  }

  /** What the numbers of the share's worker are raised by, once all shares before are through. */
  before({ cameBefore }: Line, node: string): number {
    return (this.#before.get(node) ?? 0) - (cameBefore[node] ?? 0)
  }

  /** @param errors that have left by an `error` port */
  numbered(line: Line, errors: Batch): Batch {
    return (errors as readonly ErrorRecord[]).map((record) => {
      const before = this.before(line, record.node)
      return before === 0 ? record : { ...record, number: record.number + before }
    })
  }
}
