/**
 * NDJSON in, NDJSON out: lines that pass the filters are written as they were read, with derived fields behind them.
 * No record is made of a line, unless it is not written as JSON.stringify would write it; then `exact` makes the line.
 */
import { isUtf8 } from 'node:buffer'
import { jsonSettings } from './json-format.ts'
import type { JsonSteps } from './json-steps.ts'
import { GONE_UNSURE, GUARD, ROW_NOTHING, ROW_ODD } from './layout.ts'
import { newKernel, type Kernel, type KernelExports } from './module.ts'
import { ScanTask } from './scan-task.ts'

/** Rows at a time: their columns stay in the processor's cache. */
const ROW_LIMIT = 4096
/** A character of JavaScript takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3

/**
 * Makes the line for a row that needs its whole record, its LF included; nothing where the record is not written.
 * @param line its bytes, valid until the call returns; they may be no text at all
 * @param index of the line in the block
 */
export type ExactLine = (line: Buffer, index: number) => string

export interface Written {
  /** Owned by who gets it. */
  bytes: Uint8Array<ArrayBuffer>
  lines: number
  /** Lines that are neither record nor mistake. */
  blank: number
  /** Lines that `exact` was asked for; they are counted nowhere else. */
  exact: number
  /** Records that each filter removed, by its mark. */
  removed: Uint32Array
}

export class JsonWriter {
  readonly #kernel: Kernel
  readonly #steps: JsonSteps
  readonly #exact: ExactLine
  readonly #task: ScanTask
  readonly #how: number
  readonly #block: Room
  readonly #texts: Room
  readonly #out: Room

  constructor(steps: JsonSteps, exact: ExactLine) {
    this.#kernel = newKernel()
    this.#steps = steps
    this.#exact = exact
    this.#task = new ScanTask(this.#kernel, {
      fields: steps.fields.map((_, index) => index),
      settings: jsonSettings(this.#kernel, steps.fields, 'skip'),
      rowLimit: ROW_LIMIT,
    })
    this.#how = this.#kernel.exports.allocate(ROW_LIMIT)
    this.#block = new Room(this.#kernel.exports)
    this.#texts = new Room(this.#kernel.exports)
    this.#out = new Room(this.#kernel.exports)
  }

  /** @param block whole lines; the last one may lack its LF */
  write(block: Buffer): Written {
    const { exports } = this.#kernel
    const ended = block.length === 0 || block[block.length - 1] === 10
    const start = this.#block.of(block.length + 1)
    const to = start + block.length + (ended ? 0 : 1)
    this.#task.bytes.set(block, start)
    if (!ended) this.#task.bytes[to - 1] = 10
    const ascii = exports.isPlain(start, to) !== 0
    const clean = ascii || (isUtf8(block) && !block.includes(0))
    const written: Written = {
      bytes: new Uint8Array(0),
      lines: 0,
      blank: 0,
      exact: 0,
      removed: new Uint32Array(256),
    }
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for (let from = start; from < to; from = this.#task.next) {
      exports.scanNdjson(this.#task.address, from, to)
      pieces.push(this.#rows(written, ascii, clean))
    }
    written.bytes = joined(pieces)
    return written
  }

  #rows(written: Written, ascii: boolean, clean: boolean): Uint8Array<ArrayBuffer> {
    const { exports } = this.#kernel
    const task = this.#task
    let view = task.view(ascii)
    const { rows } = view
    view.gone.fill(0)
    // Which lines are at fault is found out one by one.
    if (!clean)
      for (let row = 0; row < rows; row++) if (view.flag[row] !== ROW_NOTHING) view.flag[row] = ROW_ODD
    for (const { filter, mark } of this.#steps.filters) filter(view, mark)
    exports.judgeNdjson(task.address, this.#how)
    const how = view.bytes.subarray(this.#how, this.#how + rows)
    const text = this.#steps.texts(view, how, (row) => {
      written.exact++
      return this.#exact(task.line(row), written.lines + row)
    })
    for (let row = 0; row < rows; row++) {
      if (view.flag[row] === ROW_NOTHING) written.blank++
      else if (view.gone[row] !== 0 && view.gone[row] !== GONE_UNSURE) written.removed[view.gone[row]!]!++
    }
    const texts = this.#texts.of(text.length * MOST_BYTES)
    const out = this.#out.of(task.length + text.length * MOST_BYTES)
    view = task.view(ascii)
    view.bytes.write(text, texts, 'utf8')
    const length = exports.writeNdjson(task.address, this.#how, texts, out)
    written.lines += rows
    return new Uint8Array(view.bytes.subarray(out, out + length))
  }
}

/** A piece of the kernel's memory that grows when more is asked for. What it held is then lost. */
class Room {
  readonly #exports: KernelExports
  #at = 0
  #size = 0

  constructor(exports: KernelExports) {
    this.#exports = exports
  }

  /** Its address, with room for so many bytes and GUARD behind them. */
  of(bytes: number): number {
    if (bytes > this.#size) {
      this.#size = Math.max(bytes, this.#size * 2, 64 * 1024)
      this.#at = this.#exports.allocate(this.#size + GUARD)
    }
    return this.#at
  }
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0]!
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
