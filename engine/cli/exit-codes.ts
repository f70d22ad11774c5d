/** What the `weir` program's exit status says. */

export const EXIT = {
  /** The flow finished, or the question was answered. */
  ok: 0,
  /** The flow was fine and its run failed. */
  failed: 1,
  /** The flow or the arguments are wrong; nothing was run. */
  usage: 2,
} as const

/** Signals that end a run in good order, and the status that a shell expects after each: 128 + its number. */
export const SIGNAL_EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

export type EndingSignal = keyof typeof SIGNAL_EXITS

/** The arguments, or what they name, are wrong. Told in two lines, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}
