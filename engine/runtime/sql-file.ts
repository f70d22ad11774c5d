/** The file that DuckDB writes at the end of a stage: made among the run's temporary files, then put in its place. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { noColumns } from '../formats/parquet-writer.ts'
import { moveInto } from '../formats/target-copy.ts'
import { TargetFile } from '../formats/target-file.ts'
import type { NodeIo } from '../spec/node.ts'
import type { Writing } from '../sql/program-parts.ts'

export class SqlFile {
  /** Where DuckDB writes. */
  readonly path: string
  readonly #writing: Writing
  readonly #target: TargetFile

  private constructor(writing: Writing, target: TargetFile, path: string) {
    this.#writing = writing
    this.#target = target
    this.path = path
  }

  /** @throws NodeError where nothing can be written at the place */
  static async open(
    writing: Writing,
    given: { io: Pick<NodeIo, 'resolve' | 'guard'>; folder: string },
  ): Promise<SqlFile> {
    const { io, folder } = given
    const target = await TargetFile.open(io.resolve(writing.path), (path) => io.guard(path))
    return new SqlFile(writing, target, join(folder, `${randomUUID()}.parquet`))
  }

  /**
   * Puts what was written in its place.
   * @param wrote is told of the bytes of each block
   * @throws NodeError
   */
  async place(records: number, wrote: (bytes: number) => void): Promise<void> {
    // The row tier learns the columns from the records; what a flow does must not depend on the tier.
    if (records === 0 && !this.#writing.named) throw noColumns()
    await moveInto(this.#target, this.path, wrote)
    await this.#target.commit()
  }

  /** Leaves what was there before, unless the new file is in its place. Never throws. */
  async close(): Promise<void> {
    await rm(this.path, { force: true }).catch(() => undefined)
    await this.#target.discard()
  }
}
