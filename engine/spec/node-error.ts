/** Expected trouble that ends a run: what happened and where (the message), and what to do about it (the remedy). */

export interface NodeErrorOptions {
  /** What to do about it, one sentence. */
  remedy: string
  /** The config field at fault, where there is one. */
  field?: string
  cause?: unknown
}

/** Thrown by a node's behaviour; the runtime shows message, remedy and field as they are. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly remedy: string
  readonly field?: string

  constructor(message: string, { remedy, field, cause }: NodeErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.remedy = remedy
    if (field !== undefined) this.field = field
  }
}
