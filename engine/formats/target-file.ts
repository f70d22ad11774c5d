/** A file that appears whole or not at all: written beside its place under another name, then renamed. */
import { open, realpath, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NodeError } from '../spec/node-error.ts'
import { fileError } from './file-error.ts'
import { putInPlace } from './put-in-place.ts'
import { removeAbandoned, temporaryPath } from './temporary-file.ts'

export class TargetFile {
  readonly #path: string
  readonly #handle: FileHandle
  /** Nothing where the target is a device or a pipe, which takes bytes as they come. */
  readonly #temporary: { path: string; release: () => void } | undefined
  #closed = false
  #committed = false

  private constructor(path: string, handle: FileHandle, temporary?: { path: string; release: () => void }) {
    this.#path = path
    this.#handle = handle
    this.#temporary = temporary
  }

  /**
   * Opens for writing. `guard` registers the temporary file for removal should the process die.
   * @throws NodeError where nothing can be written there
   */
  static async open(path: string, guard: (path: string) => () => void): Promise<TargetFile> {
    try {
      // Through a symbolic link, so that the link stays and its file is replaced.
      const place = await realpath(path).catch(() => path)
      const existing = await stat(place).catch(() => undefined)
      if (existing?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
      if (existing?.isBlockDevice()) {
        throw new NodeError(`${path} is a disk, not a file.`, { remedy: 'Choose a file.', field: 'path' })
      }
      if (existing && !existing.isFile()) return new TargetFile(path, await open(place, 'w'))
      await removeAbandoned(dirname(place))
      const temporary = temporaryPath(place)
      const release = guard(temporary)
      try {
        const handle = await open(temporary, 'wx', existing ? existing.mode & 0o777 : 0o666)
        return new TargetFile(place, handle, { path: temporary, release })
      } catch (error) {
        release()
        throw error
      }
    } catch (error) {
      throw fileError(error, path, 'write')
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done)
        done += bytesWritten
      }
    } catch (error) {
      throw fileError(error, this.#path, 'write')
    }
  }

  /** Makes what was written durable, and puts it in its place. */
  async commit(): Promise<void> {
    try {
      if (!this.#temporary) return await this.#close()
      await this.#handle.sync()
      await this.#close()
      await putInPlace(this.#temporary.path, this.#path)
      this.#committed = true
      this.#temporary.release()
    } catch (error) {
      throw fileError(error, this.#path, 'write')
    }
  }

  /** Leaves what was there before. Does nothing after a commit; never throws, so that the error that led here is told. */
  async discard(): Promise<void> {
    if (this.#committed) return
    await this.#close().catch(() => undefined)
    if (!this.#temporary) return
    const { path, release } = this.#temporary
    // What cannot be removed stays guarded: the host tries again.
    await rm(path, { force: true }).then(release, () => undefined)
  }

  async #close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#handle.close()
  }
}
