/**
 * The memory of one run: how much each node that holds records may take, and the temporary folder for the rest. The
 * name of the folder says which process made it, so that a later start removes what a killed process left behind.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, processScope, startMark } from '../formats/process-mark.ts'
import type { Memory } from '../spec/node.ts'
import { spillError, tooLittle } from './spill-error.ts'

/** What the nodes of a run may take together where neither the flow nor the command says it. */
export const DEFAULT_MEMORY_MB = 256

/**
 * The part of the limit that goes to records as they are counted. The rest is for what counting does not see: the
 * runtime itself, garbage that waits to be collected, buffers of files.
 */
const COUNTED_PART = 0.1875
const MB = 1024 * 1024
/** What a node that needs little is given of it all the same. */
const SMALL_PART = 1 / 8
/** With less, the blocks that are read and written would be too small to get anywhere. */
const LEAST_BYTES = 256 * 1024
/** With less for each node, a second worker brings nothing: the blocks on disk get smaller, and there are more of them. */
const WORTH_BYTES = 768 * 1024
const NAME = /^weir-run-([0-9a-f]{8})-(\d{1,10})-(\d+)-\w{6}$/

export interface RunMemoryOptions {
  limitMb: number
  /** Nodes that hold records, and what each of them can do with, where its settings tell; the others share alike. */
  holders: readonly Holder[]
  /** Workers that run copies of them, each with an equal share. */
  workers: number
  /** Where the folder is made; absent: the system's. */
  root?: string
  /** Tells whoever survives this thread of the folder; see `NodeIo.guard`. */
  guard?: (path: string) => () => void
}

/** A node that holds records. */
export interface Holder {
  node: string
  /** Bytes that it hardly needs more than; see `NodeType.holdsAbout`. */
  about?: number
}

export class RunMemory {
  readonly #options: RunMemoryOptions
  #folder: string | undefined
  #release: (() => void) | undefined
  #files = 0

  constructor(options: RunMemoryOptions) {
    this.#options = options
  }

  /**
   * What a node is given.
   * @param workers those that run copies of this node, where it is not all of them
   */
  share(node: string, workers = this.#options.workers): Memory {
    const { limitMb, holders } = this.#options
    const bytes = Math.floor(sharesOf((limitMb * MB * COUNTED_PART) / workers, holders)(node))
    let onDisk = false
    const share: Memory = {
      bytes,
      limitMb,
      get onDisk() {
        return onDisk
      },
      newFile: () => {
        if (bytes < LEAST_BYTES) throw tooLittle(share, Math.max(1, holders.length) * workers)
        onDisk = true
        return join(this.folder(), String(++this.#files))
      },
    }
    return share
  }

  /**
   * The run's temporary folder, made when it is first asked for.
   * @throws NodeError where it cannot be made
   */
  folder(): string {
    if (this.#folder !== undefined) return this.#folder
    const root = this.#options.root ?? tmpdir()
    const name = `weir-run-${processScope()}-${process.pid}-${startMark(process.pid)}-`
    try {
      this.#folder = mkdtempSync(join(root, name))
    } catch (error) {
      throw spillError(error, root)
    }
    this.#release = this.#options.guard?.(this.#folder)
    return this.#folder
  }

  /** Removes the folder and what is in it. Never throws: the run has its result by now. */
  close(): void {
    if (this.#folder === undefined) return
    try {
      rmSync(this.#folder, { recursive: true, force: true })
      this.#release?.()
    } catch {
      // Still guarded: the host tries again, and so does the next start.
    }
    this.#folder = undefined
  }
}

/** How many workers a limit is enough for, where so many nodes hold records; at least one. */
export function mostWorkers(limitMb: number, holders: number): number {
  return holders === 0
    ? Infinity
    : Math.max(1, Math.floor((limitMb * MB * COUNTED_PART) / (holders * WORTH_BYTES)))
}

/**
 * Divides what is counted among the nodes that hold records, in bytes. One that says how little it needs still gets an
 * eighth, since records may be larger than it thinks.
 */
function sharesOf(all: number, holders: readonly Holder[]): (node: string) => number {
  const alike = all / Math.max(1, holders.length)
  const small = new Map<string, number>()
  for (const { node, about } of holders) {
    const bytes = Math.max(LEAST_BYTES, all * SMALL_PART, about ?? Infinity)
    if (bytes < alike) small.set(node, bytes)
  }
  if (small.size === holders.length) return () => alike
  const taken = [...small.values()].reduce((sum, bytes) => sum + bytes, 0)
  const rest = (all - taken) / (holders.length - small.size)
  return (node) => small.get(node) ?? rest
}

let looked = false

/** Removes what runs of dead processes left in the temporary folder; once a process, and beside other work. */
export function removeAbandonedRuns(): void {
  if (looked) return
  looked = true
  void removeAbandonedIn(tmpdir())
}

/** The same for any folder, each time. Never rejects; listing a folder of a hundred thousand files takes its time. */
export async function removeAbandonedIn(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const [, scope, pid, start] = NAME.exec(name) ?? []
    if (scope === undefined || scope !== processScope() || isRunning(Number(pid), start!)) continue
    try {
      rmSync(join(root, name), { recursive: true, force: true })
    } catch {
      // Somebody else's, or gone already: a courtesy to the disk and nothing more.
    }
  }
}

/** The process itself, and not a later one that was given its number. */
function isRunning(pid: number, start: string): boolean {
  return isAlive(pid) && (start === '0' || startMark(pid) === start)
}
