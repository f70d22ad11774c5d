/**
 * Shares of files that are read at once by several workers.
 *
 * A part covers the bytes from `from` (inclusive) to `to` (exclusive) of a file. A line belongs to the part in which its
 * first byte lies: a part with `from` > 0 starts behind the first LF at or after `from - 1` (so one whose `from` is right
 * behind a LF starts there), and its last line is read beyond `to` to its end. Nothing starts at or behind `to`.
 *
 * For CSV the same holds of rows, which may have line breaks between quotes: a row belongs to the part in which its first
 * byte lies. Whether a cut lies inside a row is found out by whoever reads the part (`CsvCuts`).
 *
 * A part that is `packed` is a whole gzip file; it has to be unpacked, and `from` and `to` are its bytes on the disk.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Split, SplitWish } from '../spec/node.ts'
import { isGzip } from './gzip.ts'

/** A file to read. */
export interface SourceFile {
  /** Absolute. */
  path: string
  /** As the flow writes it, for messages. */
  name: string
}

/** A piece of a file; JSON-safe. */
export interface FilePart extends SourceFile {
  /** First byte. */
  from: number
  /** The byte behind the last one; `size` for the last part of a file. */
  to: number
  /** Bytes of the whole file when it was cut. What grows behind them is not read. */
  size: number
  /** As `fs.Stats` had them when the file was cut; see file-changed.ts. */
  mtimeMs: number
  ino: number
  /** The place among all shares of the one that this is of. */
  piece?: number
  /** Gzip: the part is the whole file, as packed on the disk. */
  packed?: true
  /** CSV: a row is known to begin at this byte, so that nothing before it tells anything about what lies behind. */
  rowAt?: number
}

/** A part while it is read. Its end may come nearer: the rest is then another worker's. */
export interface OpenPart extends FilePart {
  /** Nothing before this byte can be given away any more; nothing at all before it is set. */
  begun?: number
}

/** What one worker reads, in order. */
export type FileShare = FilePart[]

export interface FileSplit extends Split {
  parts: FileShare[]
}

/** Makes contiguous shares, alike in bytes; undefined where a file is missing or no plain file, or there is nothing to share. */
export function splitFiles(files: readonly SourceFile[], wish: SplitWish): FileSplit | undefined {
  const whole: FilePart[] = []
  for (const file of files) {
    const part = wholeFile(file)
    if (part === undefined) return undefined
    // One packed stream cannot be cut; several can be read side by side.
    if (part.packed && files.length === 1) return undefined
    if (part.size > 0) whole.push(part)
  }
  const bytes = whole.reduce((sum, part) => sum + part.size, 0)
  const count = 'parts' in wish ? wish.parts : Math.ceil(bytes / wish.bytes)
  if (bytes === 0 || count < 1) return undefined
  return { parts: cut(whole, bytes, count), bytes }
}

/** The file as one part; undefined where it cannot be opened or is no plain file. */
function wholeFile(file: SourceFile): FilePart | undefined {
  let fd: number | undefined
  try {
    // Asked first: opening a pipe would wait for its writer.
    if (!statSync(file.path).isFile()) return undefined
    fd = openSync(file.path, 'r')
    const { size, mtimeMs, ino } = fstatSync(fd)
    const head = Buffer.alloc(2)
    readSync(fd, head, 0, 2, 0)
    const part: FilePart = { ...file, from: 0, to: size, size, mtimeMs, ino }
    return isGzip(head) ? { ...part, packed: true } : part
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Lays the files end to end and cuts them; a packed file goes whole to the share in which its middle lies. */
function cut(files: readonly FilePart[], bytes: number, count: number): FileShare[] {
  const shares: FileShare[] = Array.from({ length: count }, () => [])
  const cuts = Array.from({ length: count + 1 }, (_, i) => Math.round((bytes * i) / count))
  // One share too early rather than one too late: the cuts are rounded.
  const shareAt = (position: number) => Math.max(0, Math.floor((position / bytes) * count) - 1)
  let start = 0
  for (const file of files) {
    const end = start + file.size
    const middle = start + file.size / 2
    for (let i = shareAt(start); i < count && cuts[i]! < end; i++) {
      const [first, last] = [cuts[i]!, cuts[i + 1]!]
      if (file.packed) {
        if (middle >= first && middle < last) shares[i]!.push(file)
        continue
      }
      const from = Math.max(start, first)
      const to = Math.min(end, last)
      if (from < to) shares[i]!.push({ ...file, from: from - start, to: to - start })
    }
    start = end
  }
  return shares
    .filter((share) => share.length > 0)
    .map((share, piece) => share.map((part) => ({ ...part, piece })))
}
