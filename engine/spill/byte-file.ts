/**
 * A temporary file of bytes: written behind what is there, read back by place. It is open only while something is
 * written or read, so that a run that ends at any time leaves no open file behind.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Memory } from '../spec/node.ts'
import { spillError } from './spill-error.ts'

export class ByteFile {
  readonly #newPath: () => string
  #path: string | undefined

  constructor(memory: Pick<Memory, 'newFile'>) {
    this.#newPath = () => memory.newFile()
  }

  /** A file that another thread has written; remove it here. */
  static at(path: string): ByteFile {
    const file = new ByteFile({ newFile: () => path })
    file.#path = path
    return file
  }

  /** Where it is; asked for at first use. */
  get path(): string {
    return (this.#path ??= this.#newPath())
  }

  /** @throws NodeError where the disk cannot take it */
  append(bytes: Uint8Array): void {
    const { path } = this
    try {
      const file = openSync(path, 'a', 0o600)
      try {
        // A disk that is nearly full takes a part, and refuses the rest.
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      throw spillError(error, dirname(path))
    }
  }

  /** Fills all of `bytes` with what lies at `from`. */
  read(bytes: Uint8Array, from: number): void {
    const { path } = this
    try {
      const file = openSync(path, 'r')
      try {
        for (let at = 0; at < bytes.length;) {
          const read = readSync(file, bytes, at, bytes.length - at, from + at)
          if (read === 0) throw new Error('somebody removed or cut a temporary file')
          at += read
        }
      } finally {
        closeSync(file)
      }
    } catch (error) {
      throw spillError(error, dirname(path))
    }
  }

  /** Gives the disk back. Never throws: the folder is removed in the end. */
  remove(): void {
    if (this.#path === undefined) return
    try {
      rmSync(this.#path, { force: true })
    } catch {
      // Windows may hold on to it for a moment.
    }
  }
}
