/** Standard output and standard error as the commands use them. */
import type { Writable } from 'node:stream'

/** How long a released output may still take to empty. */
const RELEASED_FLUSH_MS = 500

export interface Terminal {
  cwd: string
  /** Results: what another program may read. */
  out: TextOutput
  /** What people read: problems, progress, failures. */
  err: NodeJS.WriteStream
}

/** Text to a stream that may be slow, or gone (`| head`). */
export class TextOutput {
  readonly stream: Writable & { isTTY?: boolean }
  #gone = false
  #released = false
  #error: Error | undefined
  readonly #waiting = new Set<() => void>()
  readonly #listeners: (() => void)[] = []

  constructor(stream: Writable & { isTTY?: boolean }) {
    this.stream = stream
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody reads any more: an end like any other. Anything else (a full disk) is a failure.
      if (error.code !== 'EPIPE') this.#error ??= error
      this.#end()
    })
    // A socket or pipe can also go without an error.
    stream.on('close', () => this.#end())
  }

  /** True once nothing can be written any more. */
  get gone(): boolean {
    return this.#gone
  }

  /** Why it is gone, where it is not for want of a reader. */
  get error(): Error | undefined {
    return this.#error
  }

  /** Returns nothing when there was room, else a promise that settles when there is, or when the reader is gone. */
  write(text: string): void | Promise<void> {
    if (this.#gone || text === '') return
    if (this.stream.write(text) || this.#released) return
    return new Promise((resolve) => {
      const settle = () => {
        this.stream.off('drain', settle)
        this.#waiting.delete(settle)
        resolve()
      }
      this.stream.on('drain', settle)
      this.#waiting.add(settle)
    })
  }

  /** From now on nobody waits for a slow reader: the run is ending, and what is still to come is little. */
  release(): void {
    this.#released = true
    for (const settle of this.#waiting) settle()
  }

  /** Settles when everything written has left this process, or never will. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.onGone(resolve)
      if (!this.#gone) this.stream.write('', () => resolve())
      // A reader that stands still must not keep a program that was told to end: it counts as gone.
      if (this.#released) setTimeout(() => this.#end(), RELEASED_FLUSH_MS)
    })
  }

  onGone(listener: () => void): void {
    if (this.#gone) listener()
    else this.#listeners.push(listener)
  }

  #end(): void {
    if (this.#gone) return
    this.#gone = true
    this.release()
    for (const listener of this.#listeners.splice(0)) listener()
  }
}

/** Whether text can be drawn anew there. Some pseudo-terminals have no size. */
export function isScreen(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns > 0
}
