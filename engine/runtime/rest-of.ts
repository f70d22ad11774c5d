/** A share that is no part of the source: records of a node that could be decided only when all others had come. */
import type { Decided } from '../spill/first-of-key.ts'

export class RestOf {
  readonly node: string
  readonly decided: Iterable<Decided | undefined>

  /** @param decided undefined is none, but a good moment to look after other things */
  constructor(node: string, decided: Iterable<Decided | undefined>) {
    this.node = node
    this.decided = decided
  }
}
