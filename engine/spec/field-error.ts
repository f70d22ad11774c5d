/** A record failed because of one config field among several. */

/** Thrown in `each` or `fold`: the error record names this config field (a dotted path such as `fields.1.value`). */
export class FieldError extends Error {
  override readonly name = 'FieldError'
  readonly field: string

  constructor(message: string, field: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.field = field
  }
}
