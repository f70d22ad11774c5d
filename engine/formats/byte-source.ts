/** Bytes from files and streams, in chunks, ended by a signal; memory stays at a chunk or two. */
import { constants, openSync } from 'node:fs'
import { open, stat as statOf } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { Socket } from 'node:net'
import { fileError } from './file-error.ts'
import { changedError, isRewritten } from './file-changed.ts'

/** Bytes per read: few promises, little memory. */
export const CHUNK_BYTES = 256 * 1024

export interface FileBytesOptions {
  signal: AbortSignal
  /** Called after each read with the bytes it gave and the position; `total` is 0 where there is no size (pipes, devices). */
  read?: (bytes: number, done: number, total: number) => void
  /** Told once where nothing comes out of a named pipe for a while: there is nobody yet who writes to it, it may be. */
  tell?: ((text: string) => void) | undefined
}

/** A wait that people begin to wonder about. */
const LONG_MS = 500

/**
 * Reads a file from start to end; one that grows meanwhile to its new end. Every chunk is a buffer of its own.
 * @throws NodeError where the file is missing, a folder or unreadable, or where it was cut off or rewritten meanwhile
 */
export async function* fileBytes(path: string, options: FileBytesOptions): AsyncGenerator<Buffer> {
  const { signal, read } = options
  if (await isNamedPipe(path)) return yield* pipeBytes(path, options)
  const handle = await openForReading(path, signal)
  let regular = true
  try {
    const stat = await handle.stat()
    if (stat.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
    regular = stat.isFile()
    const total = regular ? stat.size : 0
    const ahead = () => handle.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES)
    for (let done = 0, reading = ahead(); ;) {
      const { buffer, bytesRead } = await unlessAborted(reading, signal)
      if (bytesRead === 0) {
        // What only looks like a file, as in /proc, has no size, and is made anew for each read.
        if (total > 0 && isRewritten(stat, await handle.stat())) throw changedError({ path })
        return
      }
      done += bytesRead
      // A file that grows while it is read must not show more than all of it.
      read?.(bytesRead, done, total > 0 ? Math.max(total, done) : 0)
      if (regular) {
        // While these bytes are worked on.
        reading = ahead()
        reading.catch(() => undefined)
      }
      yield buffer.subarray(0, bytesRead)
      if (!regular) reading = ahead()
    }
  } catch (error) {
    throw fileError(error, path, 'read')
  } finally {
    const closing = handle.close()
    // Closing waits for a read under way, and on a pipe that may take for ever.
    if (regular) await closing
    else closing.catch(() => undefined)
  }
}

/** Passes chunks on as buffers, and stops waiting for the next one when the signal fires. */
export async function* streamBytes(
  source: AsyncIterable<Uint8Array>,
  { signal, read }: FileBytesOptions,
): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]()
  let done = 0
  let ended = false
  try {
    for (;;) {
      const next = await unlessAborted(iterator.next(), signal)
      if (next.done) {
        ended = true
        return
      }
      const { buffer, byteOffset, byteLength } = next.value
      done += byteLength
      read?.(byteLength, done, 0)
      yield Buffer.from(buffer, byteOffset, byteLength)
    }
  } finally {
    // Not awaited: a source that is stuck in `next` would answer only after it.
    if (!ended) void iterator.return?.().catch(() => undefined)
  }
}

/** A path that is not there is left to `open`, which says why. */
function isNamedPipe(path: string): Promise<boolean> {
  return statOf(path).then(
    (stat) => stat.isFIFO(),
    () => false,
  )
}

/**
 * Reads a named pipe through the event loop. An ordinary open would hold a thread of the pool until a writer comes,
 * and neither a stop nor the end of the process could take it back.
 */
async function* pipeBytes(path: string, options: FileBytesOptions): AsyncGenerator<Buffer> {
  let socket: Socket
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    socket = new Socket({ fd, readable: true, writable: false })
  } catch (error) {
    throw fileError(error, path, 'read')
  }
  const waits = setTimeout(() => options.tell?.(`waiting for somebody to write to “${path}”`), LONG_MS)
  try {
    for await (const chunk of streamBytes(socket, options)) {
      clearTimeout(waits)
      yield chunk
    }
  } finally {
    clearTimeout(waits)
    socket.destroy()
  }
}

async function openForReading(path: string, signal: AbortSignal): Promise<FileHandle> {
  const opening = open(path, 'r')
  try {
    // A device may let its opener wait.
    return await unlessAborted(opening, signal)
  } catch (error) {
    opening.then((handle) => handle.close()).catch(() => undefined)
    throw fileError(error, path, 'read')
  }
}

/** The promise's value, or the signal's reason where that comes first. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
