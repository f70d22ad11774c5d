/** Data files that a browser sends to `weir serve`, streamed into `<root>/uploads`. */
import { open, mkdir, realpath, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AccessError, fromSystem } from './access-error.ts'
import { isWithin } from './file-access.ts'

/** Bytes of one upload at most. */
export const UPLOAD_LIMIT = 2 * 1024 ** 3

/** Tries of `name-2`, `name-3`, … before giving up. */
const MAX_SAME_NAME = 1000

/** Raised where an upload exceeds the limit. */
export class UploadTooLarge extends Error {
  constructor(limit: number) {
    const size = limit >= 1024 ** 3 ? `${limit / 1024 ** 3} GiB` : `${limit} bytes`
    super(`Uploads end at ${size}. Name the file by its path in a file node instead.`)
  }
}

/** Makes a file name out of whatever a client sent: no folders, no control characters, nothing hidden or reserved. */
export function safeFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).pop() ?? ''
  const plain = last
    // Not only for this system: the name must also be harmless on the one it is copied to next.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i, '_$1$2')
  const extension = extname(plain).slice(0, 20)
  const stem = Array.from(plain.slice(0, plain.length - extname(plain).length))
    .slice(0, 50)
    .join('')
  return stem + extension || 'upload'
}

/** Writes the request's body to a new file. On any failure nothing of it is left behind. */
export async function receiveUpload(
  request: IncomingMessage,
  { root, name, limit = UPLOAD_LIMIT }: { root: string; name: string; limit?: number },
): Promise<{ path: string }> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new UploadTooLarge(limit)
  const folder = await uploadFolder(root)
  const { file, path } = await createUnique(folder, safeFileName(name))
  try {
    await pipeline(request, limited(limit), file.createWriteStream())
    return { path }
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(path).catch(() => {})
    throw error instanceof UploadTooLarge ? error : fromSystem(error, path)
  }
}

/** A transform that fails at the first byte over the limit. */
function limited(limit: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let bytes = 0
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > limit) throw new UploadTooLarge(limit)
      yield chunk
    }
  }
}

async function uploadFolder(root: string): Promise<string> {
  const folder = join(root, 'uploads')
  try {
    await mkdir(folder, { recursive: true })
    const real = await realpath(folder)
    if (isWithin(root, real)) return real
  } catch (error) {
    throw fromSystem(error, folder)
  }
  throw new AccessError('refused', `${folder} is a link that leads out of ${root}.`, 'Remove the link.')
}

/** Opens a file that did not exist before; `wx` decides, so two uploads at once never share one. */
async function createUnique(folder: string, name: string): Promise<{ file: FileHandle; path: string }> {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let number = 1; number <= MAX_SAME_NAME; number++) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}${extension}`)
    try {
      return { file: await open(path, 'wx', 0o600), path }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fromSystem(error, path)
    }
  }
  throw new AccessError(
    'refused',
    `There are ${MAX_SAME_NAME} files named like ${name} in ${folder}.`,
    'Remove some of them.',
  )
}
