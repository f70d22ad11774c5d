/** Gzip, found by its first bytes rather than by a file's name. */
import { Readable, pipeline } from 'node:stream'
import { pipeline as pipelined } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { NodeError } from '../spec/node-error.ts'
import { CHUNK_BYTES } from './byte-source.ts'

/** True where the bytes begin as every gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * The bytes themselves, or what they unpack to where they are gzip. `name` is for messages.
 * @throws NodeError where the gzip data is damaged or ends too soon
 */
export async function* unpacked(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]()
  const head: Buffer[] = []
  try {
    // A pipe may give its first byte alone.
    let length = 0
    while (length < 2) {
      const next = await iterator.next()
      if (next.done) break
      head.push(next.value)
      length += next.value.length
    }
    if (isGzip(length === 0 || head[0]!.length >= 2 ? (head[0] ?? Buffer.alloc(0)) : Buffer.concat(head))) {
      yield* gunzip(rest(head, iterator), name)
    } else {
      yield* rest(head, iterator)
    }
  } finally {
    await iterator.return?.(undefined)
  }
}

async function* rest(head: Buffer[], iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (const chunk of head) if (chunk.length > 0) yield chunk
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
}

async function* gunzip(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES })
  // The callback is where pipeline reports; the same error reaches the loop below through the stream.
  pipeline(Readable.from(source), stream, () => undefined)
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    throw gzipError(error, name)
  } finally {
    stream.destroy()
  }
}

function gzipError(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') {
    return new NodeError(`${name} is cut off: its gzip data ends before its end.`, {
      remedy: 'Get the whole file again. The records before the cut were read.',
      field: 'path',
      cause: error,
    })
  }
  if (!code.startsWith('Z_')) return error
  return new NodeError(`${name} holds damaged gzip data (${(error as Error).message}).`, {
    remedy: 'Get the file again, or check it with gzip -t.',
    field: 'path',
    cause: error,
  })
}

/** Packs bytes on their way to `write`, which is awaited, so that a slow disk holds its writer back. */
export class GzipWriter {
  readonly #stream = createGzip({ chunkSize: 64 * 1024 })
  readonly #done: Promise<void>

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#done = pipelined(this.#stream, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await write(chunk)
    })
    // Reported by the next `write` or by `end`; until then it is no unhandled rejection.
    this.#done.catch(() => undefined)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed) return this.#done
    if (this.#stream.write(bytes)) return
    // Settles without a `drain` where writing failed: `#done` rejects then.
    const drained = new Promise<void>((resolve) => this.#stream.once('drain', resolve))
    await Promise.race([drained, this.#done])
  }

  async end(): Promise<void> {
    if (!this.#stream.destroyed) this.#stream.end()
    await this.#done
  }

  destroy(): void {
    this.#stream.destroy()
  }
}
