/** What the folds of a shared stage held, as the workers sent it: of all that each of them did, or of each share by itself. */
import type { SharedStage } from '../plan/run-plan.ts'
import type { FromPart } from './part-protocol.ts'
import type { Line, Part } from './share-line.ts'

type State = Extract<FromPart, { say: 'state' }>

export class FoldStates {
  /** Whether each share begins with empty folds. */
  readonly #byShare: boolean
  readonly #parts: () => readonly Part[]
  readonly #lines: readonly Line[]

  /** @param lines in the order of the input, also those that are still to come */
  constructor({ cedes }: SharedStage, parts: () => readonly Part[], lines: readonly Line[]) {
    this.#byShare = cedes !== undefined
    this.#parts = parts
    this.#lines = lines
  }

  keep(part: Part, { node, packed }: State): void {
    const keeper = this.#byShare ? part.line : part
    if (!keeper) return
    keeper.states ??= new Map()
    keeper.states.set(node, packed)
  }

  /** How many should have something to say. */
  get keepers(): number {
    return this.#keepers.length
  }

  /** In the order of the shares, as far as they came. */
  of(node: string): unknown[] {
    return this.#keepers.flatMap(({ states }) => (states?.has(node) ? [states.get(node)] : []))
  }

  get #keepers(): readonly Pick<Part, 'states'>[] {
    // A share that was ceded and then dropped has none.
    return this.#byShare ? this.#lines.filter(({ part }) => part >= 0) : this.#parts()
  }
}
