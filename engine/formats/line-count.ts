/** Counts the lines of a file before a position: for messages about a line of a part, whose number nobody knows. */
import { open } from 'node:fs/promises'
import { fileError } from './file-error.ts'

const BLOCK_BYTES = 1024 * 1024
const LF = 10

/** Counts on from where it was asked last, so that a worker that reads part after part counts each line once. */
export class LineCounter {
  readonly #signal: AbortSignal
  #path = ''
  #position = 0
  #lines = 0

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /**
   * LFs in the first `position` bytes of the file.
   * @throws NodeError where it cannot be read, and the signal's reason when it fires
   */
  async before(path: string, position: number): Promise<number> {
    if (path !== this.#path || position < this.#position) {
      this.#path = path
      this.#position = 0
      this.#lines = 0
    }
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw fileError(error, path, 'read')
    })
    try {
      const buffer = Buffer.allocUnsafe(BLOCK_BYTES)
      while (this.#position < position) {
        this.#signal.throwIfAborted()
        const length = Math.min(BLOCK_BYTES, position - this.#position)
        const { bytesRead } = await handle.read(buffer, 0, length, this.#position)
        // Shorter than it was: whoever reads the part finds out and says so.
        if (bytesRead === 0) break
        this.#lines += countOf(buffer, bytesRead)
        this.#position += bytesRead
      }
      return this.#lines
    } catch (error) {
      throw fileError(error, path, 'read')
    } finally {
      await handle.close()
    }
  }
}

function countOf(bytes: Uint8Array, length: number): number {
  let count = 0
  for (let i = 0; i < length; i++) if (bytes[i] === LF) count++
  return count
}
