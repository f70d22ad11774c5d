/** Reads files as records, each by its own format: from start to end, or the parts that one worker does. */
import { statSync } from 'node:fs'
import { fileBytes } from './byte-source.ts'
import { delimiterFor } from './csv-dialect.ts'
import type { FilePart, FileShare, SourceFile } from './file-part.ts'
import { fileFormatOf } from './format-name.ts'
import type { FileFormat } from './format-name.ts'
import type { Cede } from '../spec/node.ts'
import { PartReader } from './part-reader.ts'
import { OpenShare } from './open-share.ts'
import type { PartOptions } from './part-reader.ts'
import { wholeFile } from './part-file.ts'
import type { ReadBlock } from './read-block.ts'
import { readRecords } from './read-records.ts'

export interface FileRecordsOptions extends Omit<PartOptions, 'name' | 'format'> {
  format: FileFormat | 'auto'
  /** Failures then say which file they are of. */
  several: boolean
}

export interface FileRecordsHost {
  signal: AbortSignal
  /** Called after each read with the bytes that it gave. */
  addBytes: (bytes: number) => void
  /** Of all files, or of the share at hand; in bytes, as they are on the disk. */
  progress: (done: number, total: number) => void
  tell: (text: string) => void
}

/**
 * The records of all these files, one after the other.
 * @throws NodeError where a file is unreadable
 */
export async function* recordsOfFiles(
  files: readonly SourceFile[],
  options: FileRecordsOptions,
  host: FileRecordsHost,
): AsyncGenerator<ReadBlock> {
  const total = files.length > 1 ? files.reduce((sum, { path }) => sum + sizeOf(path), 0) : 0
  let before = 0
  const reader = new PartReader({
    signal: host.signal,
    read(bytes) {
      host.addBytes(bytes)
      host.progress((before += bytes), Math.max(total, before))
    },
  })
  for (const file of files) {
    const own = optionsFor(file.name, options)
    const { format } = own
    if (format === 'parquet') {
      yield* named(reader.records(await wholeFile(file), own), file.name, options)
      continue
    }
    let read = 0
    const bytes = fileBytes(file.path, {
      signal: host.signal,
      tell: (text) => host.tell(text),
      read(count, done, size) {
        host.addBytes(count)
        read = done
        // A pipe or a device has no size: nobody knows how far it is.
        if (size > 0) host.progress(before + done, Math.max(total, before + size))
      },
    })
    yield* named(readRecords(bytes, { ...own, format }), file.name, options)
    before += read
  }
}

/** Whoever is given the end of a CSV looks through what lies before it and is not read yet: some sixteen times as fast as it is read. */
const CSV_LOOK = 1 / 8

/** The records of these shares, as they come. The end of each may be ceded while it is read. */
export async function* recordsOfShares(
  shares: AsyncIterable<FileShare>,
  options: FileRecordsOptions,
  host: FileRecordsHost & { cedes: (cede: Cede) => void },
): AsyncGenerator<ReadBlock> {
  let total = 0
  let done = 0
  const reader = new PartReader({
    signal: host.signal,
    read(bytes) {
      host.addBytes(bytes)
      host.progress((done += bytes), total)
    },
  })
  for await (const share of shares) {
    done = 0
    total = share.reduce((sum, { from, to }) => sum + to - from, 0)
    const open = new OpenShare(share)
    let csv: FilePart | undefined
    const toLookThrough = () => (csv ? csv.to - (csv.rowAt ?? 0) : 0)
    host.cedes((least) => open.cede(Math.max(least, toLookThrough() * CSV_LOOK)))
    for (const part of open.parts()) {
      const own = optionsFor(part.name, options)
      csv = own.format === 'csv' ? part : undefined
      yield* named(reader.records(part, own), part.name, options)
    }
  }
}

/** What the config says, made exact for one file. */
function optionsFor(name: string, { format, delimiter, ...options }: FileRecordsOptions): PartOptions {
  return {
    ...options,
    name,
    format: format === 'auto' ? fileFormatOf(name) : format,
    delimiter: delimiterFor(name, delimiter),
  }
}

async function* named(
  blocks: AsyncIterable<ReadBlock>,
  name: string,
  { several }: FileRecordsOptions,
): AsyncGenerator<ReadBlock> {
  if (!several) return yield* blocks
  for await (const { records, failures } of blocks) {
    yield {
      records,
      failures: failures.map((failure) => ({ ...failure, reason: `${name}: ${failure.reason}` })),
    }
  }
}

/** What cannot be read is told when its turn comes. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
