/**
 * A named pipe that is written to, through the event loop: an ordinary open waits for a reader in a thread of the pool,
 * and an ordinary write for room, where neither a stop nor the end of the process could take it back.
 */
import { constants, openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Clock } from '../spec/node.ts'
import { fileError } from './file-error.ts'
import { TargetFile } from './target-file.ts'

/** What takes bytes and is done with by one of the two. */
export interface Target {
  /** Settles when there is room for more. @throws NodeError where nothing can be written there */
  write(bytes: Uint8Array): Promise<void>
  /** All was written. */
  commit(): Promise<void>
  /** What was written is not to count; does nothing after a commit. */
  discard(): Promise<void>
}

export interface TargetSetup {
  guard: (path: string) => () => void
  clock: Pick<Clock, 'sleep'>
  /** Ends the wait for a reader. */
  signal: AbortSignal
  /** Told once where the wait is long. */
  tell: (text: string) => void
}

/** How often it is looked whether a reader has come. */
const LOOK_MS = 50
/** A wait that people begin to wonder about: after so many looks. */
const LONG_LOOKS = 10

/**
 * Opens a file as `TargetFile` does, or a named pipe when somebody reads it.
 * @throws NodeError where nothing can be written there, and the signal's reason
 */
export async function openTarget(path: string, { guard, clock, signal, tell }: TargetSetup): Promise<Target> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFIFO()) return TargetFile.open(path, guard)
  for (let looks = 1; ; looks++) {
    signal.throwIfAborted()
    const fd = openIfRead(path)
    if (fd !== undefined) return new PipeTarget(path, new Socket({ fd, readable: false, writable: true }))
    if (looks === LONG_LOOKS) tell(`waiting for somebody to read “${path}”`)
    await clock.sleep(LOOK_MS, signal)
  }
}

/** Nothing where nobody reads the pipe yet. */
function openIfRead(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined
    throw fileError(error, path, 'write')
  }
}

class PipeTarget implements Target {
  readonly #path: string
  readonly #socket: Socket
  #error: Error | undefined

  constructor(path: string, socket: Socket) {
    this.#path = path
    this.#socket = socket
    socket.on('error', (error) => (this.#error ??= error))
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#settled((done) => this.#socket.write(bytes, done))
  }

  commit(): Promise<void> {
    return this.#settled((done) => this.#socket.end(done))
  }

  async discard(): Promise<void> {
    this.#socket.destroy()
  }

  /** What is under way when the reader goes is never called back by the socket: its end is heard as well. */
  #settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = () =>
        reject(fileError(this.#error ?? new Error('its reader has gone'), this.#path, 'write'))
      this.#socket.once('close', gone)
      start((error) => {
        this.#socket.off('close', gone)
        if (error) reject(fileError(error, this.#path, 'write'))
        else resolve()
      })
    })
  }
}
