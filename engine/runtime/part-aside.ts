/**
 * What a part lays on disk because the shares before are not through: bytes that a consumer will write, which would fill
 * the memory otherwise. Nothing is laid aside where workers take small shares in turn; they wait.
 */
import { join } from 'node:path'
import type { EncodedBatch } from '../spec/node.ts'
import { RecordFile, type RecordFileData } from '../spill/record-file.ts'
import { sentFailure } from './failed-record.ts'

export class PartAside {
  readonly #folder: () => string
  /** By edge. */
  readonly #files = new Map<string, RecordFile<EncodedBatch>>()
  readonly #records = new Map<string, number>()
  #made = 0

  /** @param folder makes the folder, at first use */
  constructor(folder: () => string) {
    this.#folder = folder
  }

  /** Whether something of the edge is laid aside: what comes behind it has to be, too. */
  has(edge: string): boolean {
    return this.#files.has(edge)
  }

  /** @throws NodeError where the disk cannot take it */
  lay(edge: string, piece: EncodedBatch): void {
    let file = this.#files.get(edge)
    if (!file) {
      const path = join(this.#folder(), `aside-${++this.#made}`)
      this.#files.set(edge, (file = new RecordFile({ newFile: () => path })))
    }
    file.add({ ...piece, failures: piece.failures.map(sentFailure) }, piece.bytes.length)
    file.flush()
    this.#records.set(edge, (this.#records.get(edge) ?? 0) + piece.length)
  }

  /** All that was laid aside since it was asked last, in files that whoever reads them removes. */
  taken(): { edge: string; file: RecordFileData; records: number }[] {
    const taken = [...this.#files].map(([edge, file]) => ({
      edge,
      file: file.data(),
      records: this.#records.get(edge)!,
    }))
    this.#files.clear()
    this.#records.clear()
    return taken
  }
}
