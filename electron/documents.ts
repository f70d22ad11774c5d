/** Opens and saves flow files. Only paths that a person chose (or the recent list holds) can be touched. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { OpenedDocument } from '../renderer/shell/shell.ts'
import { MAX_FLOW_BYTES } from '../engine/flow/model.ts'
import { writeAtomic } from '../engine/host/atomic-write.ts'
import { CallError, fileError, isFileError } from './call-error.ts'

/** `read` is for bundled examples: they open, but saving over them is refused. */
export type Access = 'read' | 'write'

interface Seen {
  mtimeMs: number
  hash: string
}

export class Documents {
  readonly #granted = new Map<string, Access>()
  /** What we last read from or wrote to each path. */
  readonly #seen = new Map<string, Seen>()
  /** Saves run one after another, so that two of one file cannot cross. */
  #saving: Promise<unknown> = Promise.resolve()

  /** Lets the page open the path and, with `write`, save to it. Never takes access away. */
  grant(path: string, access: Access): void {
    const key = resolve(path)
    if (this.#granted.get(key) !== 'write') this.#granted.set(key, access)
  }

  isGranted(path: string, access: Access): boolean {
    const granted = this.#granted.get(resolve(path))
    return granted === 'write' || granted === access
  }

  /** @throws CallError where it is not granted, not a flow file's name, too large, or not text */
  async open(path: string): Promise<OpenedDocument> {
    const full = resolve(path)
    if (!this.isGranted(full, 'read')) throw notGranted('open', full)
    requireFlowName(full)
    try {
      const { mtimeMs, size } = await stat(full)
      if (size > MAX_FLOW_BYTES) throw tooLarge(full)
      const bytes = await readFile(full)
      this.#seen.set(full, { mtimeMs, hash: hashOf(bytes) })
      return { path: full, text: decode(bytes, full), mtimeMs }
    } catch (error) {
      throw fileError(error, 'open', full)
    }
  }

  /**
   * Saves atomically. With `expectedMtimeMs`, a file that others have changed since is left alone.
   * @throws CallError `changed-on-disk`, or why the file could not be written
   */
  save(path: string, text: string, expectedMtimeMs?: number): Promise<{ path: string; mtimeMs: number }> {
    const full = resolve(path)
    const saved = this.#saving.then(() => this.#save(full, text, expectedMtimeMs))
    this.#saving = saved.catch(() => undefined)
    return saved
  }

  async #save(
    path: string,
    text: string,
    expectedMtimeMs?: number,
  ): Promise<{ path: string; mtimeMs: number }> {
    if (!this.isGranted(path, 'write')) throw notGranted('save', path)
    requireFlowName(path)
    // What was written now could not be opened again.
    if (Buffer.byteLength(text) > MAX_FLOW_BYTES) throw tooLarge(path)
    try {
      if (expectedMtimeMs !== undefined && (await this.#changedByOthers(path, expectedMtimeMs))) {
        throw new CallError(
          'changed-on-disk',
          `${basename(path)} was changed by another program since it was opened.`,
          'Save under another name, or open it again and lose the changes made here.',
        )
      }
      await writeAtomic(path, text)
      const { mtimeMs } = await stat(path)
      this.#seen.set(path, { mtimeMs, hash: hashOf(text) })
      return { path, mtimeMs }
    } catch (error) {
      throw fileError(error, 'save', path)
    }
  }

  /** A newer time alone is no change: a file that was only touched has the content we know. */
  async #changedByOthers(path: string, expectedMtimeMs: number): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(path)
      if (mtimeMs === expectedMtimeMs) return false
      return hashOf(await readFile(path)) !== this.#seen.get(path)?.hash
    } catch (error) {
      // Deleted by others: writing it again loses nothing.
      if (isFileError(error, 'ENOENT')) return false
      throw error
    }
  }
}

/** The name of a flow file with its ending; what people type into save dialogs often has none. */
export function withFlowEnding(path: string): string {
  return /\.json$/i.test(path) ? path : `${path}.weir.json`
}

function requireFlowName(path: string): void {
  if (/\.json$/i.test(path)) return
  throw new CallError(
    'refused',
    `${basename(path)} is not a flow file: its name must end with .weir.json.`,
    'Choose a .weir.json file. A data file is read by a “file” node instead.',
  )
}

function tooLarge(path: string): CallError {
  return new CallError(
    'refused',
    `${basename(path)} is larger than ${MAX_FLOW_BYTES / 2 ** 20} MiB, too large for a flow.`,
    'Data belongs in a file of its own, which a “file” node reads.',
  )
}

function notGranted(doing: 'open' | 'save', path: string): CallError {
  return new CallError(
    'refused',
    `Weir may not ${doing} ${path}: nobody chose it here.`,
    doing === 'open' ? 'Use “Open…” to choose it.' : 'Use “Save as…” to choose a place.',
  )
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // Replacing what is no UTF-8 would change the file at the next save.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CallError(
      'failed',
      `${basename(path)} is not UTF-8 text.`,
      'Convert it to UTF-8, or choose another.',
    )
  }
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
