/** Splits bytes into lines: UTF-8 checked, memory bounded, no promise per line. */
import { isAscii, isUtf8 } from 'node:buffer'
import { BATCH_BYTES, BATCH_RECORDS } from '../spec/batches.ts'
import { NodeError } from '../spec/node-error.ts'

export interface LineOptions {
  /** Of the file or stream, for messages. */
  name: string
  /** A longer line ends the reading with an error, instead of filling the memory. */
  maxLineBytes: number
  /** Leaves the CR of a CRLF at the end of the line (CSV needs it inside quotes). */
  keepCr?: boolean
  /**
   * The source begins somewhere within a file: there is no byte order mark, whether it is text is not looked at, and
   * lines are numbered from 1 nevertheless. Says how many lines lie before, for messages.
   */
  linesBefore?: LinesBefore
}

/** Lines of a file before those that are read; they are counted when somebody asks. */
export type LinesBefore = () => Promise<number>

/** Lines that were read together, at most as much as a batch holds. */
export interface LineBlock {
  /** Number of the first line, from 1 at the start of what is read. */
  first: number
  lines: string[]
  /** Bytes of these lines in the source. */
  bytes: number
  /** Lines that are no clean text, by index; their text then has replacement characters. */
  faults?: Map<number, string>
}

const LF = 10
const CR = 13
/** A NUL byte within the first so many bytes means that this is no text at all. */
export const BINARY_WINDOW = 64 * 1024

/**
 * Lines of a source, ended by LF or CRLF; the last one needs no end. A byte order mark is left out.
 * @throws NodeError where the source is binary or UTF-16, or where a line is too long
 */
export async function* readLines(
  source: AsyncIterable<Buffer>,
  options: LineOptions,
): AsyncGenerator<LineBlock> {
  const splitter = new LineSplitter(options)
  let position = options.linesBefore ? BINARY_WINDOW : 0
  try {
    for await (const chunk of source) {
      if (position < BINARY_WINDOW) refuseBinary(chunk, position, options.name)
      position += chunk.length
      const complete = splitter.add(chunk)
      if (complete) yield* splitter.blocks(complete)
    }
    const last = splitter.end()
    if (last) yield* splitter.blocks(last)
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    const before = (await options.linesBefore?.()) ?? 0
    throw lineTooLong(error.line + before, options)
  }
}

/** The error for a line that is longer than `maxLineBytes`; it counts from the start of the file. */
export function lineTooLong(
  line: number,
  { name, maxLineBytes }: Pick<LineOptions, 'name' | 'maxLineBytes'>,
): NodeError {
  return new NodeError(`Line ${line} of ${name} is longer than ${sizeText(maxLineBytes)}.`, {
    remedy: 'Check that this is the right file and format, or raise the longest line (maxLineBytes).',
    field: 'maxLineBytes',
  })
}

/** Thrown where the line's number in the file is still to be found out. */
class TooLong extends Error {
  readonly line: number
  constructor(line: number) {
    super(`line ${line} is too long`)
    this.line = line
  }
}

class LineSplitter {
  readonly #options: LineOptions
  #number = 1
  /** The start of a line whose end was not seen yet. */
  #carry: Buffer[] = []
  #carried = 0

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** The whole lines that the chunk completes, if it does. */
  add(chunk: Buffer): Buffer | undefined {
    const lastEnd = chunk.lastIndexOf(LF)
    if (lastEnd < 0) {
      this.#carry.push(chunk)
      this.#carried += chunk.length
      if (this.#carried > this.#options.maxLineBytes) throw new TooLong(this.#number)
      return undefined
    }
    const head = chunk.subarray(0, lastEnd + 1)
    const complete = this.#carried > 0 ? Buffer.concat([...this.#carry, head]) : head
    const rest = chunk.subarray(lastEnd + 1)
    this.#carry = rest.length > 0 ? [rest] : []
    this.#carried = rest.length
    return complete
  }

  end(): Buffer | undefined {
    return this.#carried > 0 ? Buffer.concat(this.#carry) : undefined
  }

  *blocks(region: Buffer): Generator<LineBlock> {
    const { maxLineBytes, keepCr = false, linesBefore } = this.#options
    // Checked once per chunk; only a chunk with something odd in it pays per line.
    const ascii = isAscii(region)
    const clean = (ascii || isUtf8(region)) && !region.includes(0)
    let block: LineBlock = { first: this.#number, lines: [], bytes: 0 }
    for (let start = 0; start < region.length;) {
      const found = region.indexOf(LF, start)
      const next = found < 0 ? region.length : found + 1
      let end = found < 0 ? region.length : found
      if (end - start > maxLineBytes) throw new TooLong(this.#number)
      if (!keepCr && end > start && region[end - 1] === CR) end--
      if (!clean) noteFault(block, region.subarray(start, end))
      let text = region.toString(ascii ? 'latin1' : 'utf8', start, end)
      if (this.#number === 1 && !linesBefore && text.charCodeAt(0) === 0xfeff) text = text.slice(1)
      block.lines.push(text)
      block.bytes += next - start
      this.#number++
      start = next
      if (block.lines.length >= BATCH_RECORDS || block.bytes >= BATCH_BYTES) {
        yield block
        block = { first: this.#number, lines: [], bytes: 0 }
      }
    }
    if (block.lines.length > 0) yield block
  }
}

/** Why the bytes of a line are no text; undefined where they are. */
export function lineFault(line: Buffer): string | undefined {
  if (!isUtf8(line)) return 'The line is not valid UTF-8; unreadable bytes are shown as �.'
  return line.includes(0) ? 'The line holds NUL bytes, so it is no text.' : undefined
}

function noteFault(block: LineBlock, line: Buffer): void {
  const reason = lineFault(line)
  if (reason === undefined) return
  block.faults ??= new Map()
  block.faults.set(block.lines.length, reason)
}

/** @throws NodeError where these bytes, at this position near the start of a file, show that it is no text */
export function refuseBinary(chunk: Buffer, position: number, name: string): void {
  if (position === 0 && chunk.length >= 2) {
    const mark = chunk.readUInt16BE(0)
    if (mark === 0xfffe || mark === 0xfeff) {
      throw new NodeError(`${name} is UTF-16 text; only UTF-8 can be read.`, {
        remedy: 'Convert it first, for example with iconv -f UTF-16 -t UTF-8.',
        field: 'path',
      })
    }
  }
  const nul = chunk.subarray(0, BINARY_WINDOW - position).indexOf(0)
  if (nul < 0) return
  throw new NodeError(`${name} is a binary file, not text (NUL byte at offset ${position + nul}).`, {
    remedy: 'Choose a text file, or convert this one to CSV or NDJSON first.',
    field: 'path',
  })
}

/** "16 MiB", "300 KiB", "20 bytes". */
function sizeText(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`
  if (bytes >= 1024) return `${Number((bytes / 1024).toFixed(1))} KiB`
  return `${bytes} bytes`
}
