/**
 * What the folds of a shared stage held, as the workers sent it: what each of them held in the end, or, where shares are
 * ceded, of each share by itself, sent before that was through.
 */
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

  keep(at: number, { node, packed }: State): void {
    const part = this.#parts()[at]!
    // A part that exchanges what it holds has said before that its share is through.
    const line = part.line ?? this.#lines.findLast((one) => one.part === at)
    const keeper = (this.#byShare && line) || part
    keeper.states ??= new Map()
    keeper.states.set(node, packed)
  }

  /** The states of a node in the order of the shares, as far as they came; `missing`: whether there should be more. */
  of(node: string): { states: unknown[]; missing: boolean } {
    const keepers = this.#keepersOf(node)
    const states = keepers.flatMap(({ states }) => (states?.has(node) ? [states.get(node)] : []))
    return { states, missing: states.length < keepers.length }
  }

  #keepersOf(node: string): readonly Pick<Part, 'states'>[] {
    // A share that was ceded and then dropped has none.
    const lines = this.#lines.filter(({ part }) => part >= 0)
    return this.#byShare && lines.some(({ states }) => states?.has(node)) ? lines : this.#parts()
  }
}
