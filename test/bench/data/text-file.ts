/** Writes much text to a file fast, and knows its size and hash when done. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'

/** Text is gathered to this many characters before it is written; what fits the processor's cache is encoded faster. */
const BLOCK = 1 << 16

export interface WrittenFile {
  bytes: number
  sha256: string
}

/** A file of plain ASCII text. It has its name only once it is complete. */
export class TextFile {
  readonly #path: string
  readonly #descriptor: number
  readonly #hash = createHash('sha256')
  #waiting = ''
  #bytes = 0

  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(`${path}.part`, 'w')
  }

  append(text: string): void {
    this.#waiting += text
    if (this.#waiting.length >= BLOCK) this.#flush()
  }

  close(): WrittenFile {
    this.#flush()
    closeSync(this.#descriptor)
    renameSync(`${this.#path}.part`, this.#path)
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  #flush(): void {
    const block = Buffer.from(this.#waiting, 'latin1')
    this.#waiting = ''
    this.#hash.update(block)
    this.#bytes += block.length
    for (let from = 0; from < block.length;) from += writeSync(this.#descriptor, block, from)
  }
}
