/** A file that is read in parts: the bytes of whole lines, and the promise that nobody rewrote them meanwhile. */
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { NodeError } from '../spec/node-error.ts'
import { CHUNK_BYTES } from './byte-source.ts'
import { fileError } from './file-error.ts'
import { changedError, checkUnchanged } from './file-changed.ts'
import type { FilePart, OpenPart, SourceFile } from './file-part.ts'
import type { LineCounter } from './line-count.ts'
import type { LinesBefore } from './line-reader.ts'

/** What the parts that one worker reads have in common. */
export interface PartWorkshop {
  signal: AbortSignal
  /** Called with the bytes of a part that were read, as they are on the disk. */
  read: (bytes: number) => void
  counter: LineCounter
}

const LF = 10
/** Read beyond the end of a part for the rest of its last line: most lines are shorter. */
const BEYOND_BYTES = 4096

/**
 * All of a file as one part.
 * @throws NodeError where it is missing or no plain file
 */
export async function wholeFile(file: SourceFile): Promise<FilePart> {
  const found = await stat(file.path).catch((error: unknown) => {
    throw fileError(error, file.path, 'read')
  })
  if (found.isDirectory()) {
    throw fileError(Object.assign(new Error('is a folder'), { code: 'EISDIR' }), file.path, 'read')
  }
  if (!found.isFile()) {
    throw new NodeError(`${file.path} is a pipe or a device, which cannot be read in this format.`, {
      remedy: 'Write it to a file first, and read that.',
      field: 'path',
    })
  }
  const { size, mtimeMs, ino } = found
  return { ...file, from: 0, to: size, size, mtimeMs, ino }
}

export class PartFile {
  readonly part: OpenPart
  readonly #handle: FileHandle
  readonly #shop: PartWorkshop

  private constructor(part: OpenPart, handle: FileHandle, shop: PartWorkshop) {
    this.part = part
    this.#handle = handle
    this.#shop = shop
  }

  /**
   * Opens the part's file.
   * @throws NodeError where it cannot be read or is not the file that was cut
   */
  static async open(part: OpenPart, shop: PartWorkshop): Promise<PartFile> {
    const handle = await open(part.path, 'r').catch((error: unknown) => {
      throw fileError(error, part.path, 'read')
    })
    const file = new PartFile(part, handle, shop)
    try {
      await file.check()
      return file
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * Asks for the file by its path: one that was put in its place is another one, though the old one can still be read.
   * @throws NodeError where the file is not what it was when it was cut
   */
  async check(): Promise<void> {
    const now = await stat(this.part.path).catch(() => {
      throw changedError(this.part)
    })
    checkUnchanged(this.part, now)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /**
   * Up to `length` bytes at a position, none only at the end of the file as it was when it was cut.
   * @throws NodeError where there are fewer bytes than there were, and the signal's reason when it fires
   */
  async read(position: number, length = CHUNK_BYTES): Promise<Buffer> {
    this.#shop.signal.throwIfAborted()
    const wanted = Math.min(length, this.part.size - position)
    if (wanted <= 0) return Buffer.alloc(0)
    const buffer = Buffer.allocUnsafeSlow(wanted)
    try {
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, position)
      if (bytesRead === 0) throw changedError(this.part)
      return buffer.subarray(0, bytesRead)
    } catch (error) {
      throw fileError(error, this.part.path, 'read')
    }
  }

  /** Where the first line begins whose first byte is at `from` or behind it; `size` where there is none. */
  async lineStart(from: number): Promise<number> {
    if (from === 0) return 0
    for (let at = from - 1; at < this.part.size;) {
      const bytes = await this.read(at, at < from ? BEYOND_BYTES : CHUNK_BYTES)
      const found = bytes.indexOf(LF)
      if (found >= 0) return at + found + 1
      at += bytes.length
    }
    return this.part.size
  }

  /** Says how many lines lie before a position, when it is asked. */
  linesBefore(position: number): LinesBefore {
    return () => this.#shop.counter.before(this.part.path, position)
  }

  /** Tells of bytes of this part that are done with. */
  count(bytes: number): void {
    this.#shop.read(bytes)
  }

  /** The lines of the part itself, from `start` on, counted as they are given. */
  async *ownLines(start: number): AsyncGenerator<Buffer> {
    const { part } = this
    const own = this.#lines(start, {
      to: () => part.to,
      reading: (end) => void (part.begun = end),
    })
    for await (const bytes of own) {
      this.count(bytes.length)
      yield bytes
    }
  }

  /** The lines whose first byte lies from `start`, where a line begins, up to `to`. */
  lines(start: number, to: number): AsyncGenerator<Buffer> {
    return this.#lines(start, { to: () => to })
  }

  /** @param range where they end, which may be nearer after a while, and who is told how far is read */
  async *#lines(
    start: number,
    range: { to: () => number; reading?: (end: number) => void },
  ): AsyncGenerator<Buffer> {
    const ahead = (at: number): Promise<Buffer> | undefined => {
      if (at >= this.part.size || start >= range.to()) return undefined
      const length = Math.min(CHUNK_BYTES, Math.max(range.to() - at, 0) + BEYOND_BYTES)
      range.reading?.(at + length)
      const reading = this.read(at, length)
      // Where nobody wants it any more, nobody is told that it failed.
      reading.catch(() => undefined)
      return reading
    }
    for (let at = start, reading = ahead(at); reading;) {
      const bytes = await reading
      const to = range.to()
      const lastEnd = at + bytes.length < to ? -1 : bytes.indexOf(LF, Math.max(0, to - 1 - at))
      if (lastEnd >= 0) {
        yield bytes.subarray(0, lastEnd + 1)
        return
      }
      at += bytes.length
      // While these bytes are worked on.
      reading = ahead(at)
      yield bytes
    }
  }
}
