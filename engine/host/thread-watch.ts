/**
 * Watches the threads of a run for one that gives no sign of life: code of a user that never comes back keeps it from
 * answering anything, so it is the shared memory that tells whose code it is.
 */
import type { MeterPage } from '../runtime/meter.ts'
import type { Plan } from './protocol.ts'

/** Without a sign for so long a thread is taken to be stuck. */
const SILENT_MS = 5000
const CHECK_MS = 1000

export class ThreadWatch {
  readonly #pages: readonly MeterPage[]
  /** The pages of each thread; where several tell of a node, the first is right. */
  readonly #threads: readonly (readonly MeterPage[])[]
  readonly #plan: Plan
  readonly #warn: (node: string) => void
  readonly #timer: NodeJS.Timeout
  /** By thread: its last sign, when it was first seen, and whether it was warned of. */
  #seen: { beats: number; at: number; warned: boolean }[]
  #checkedAt: number

  /** @param warn called once for each silence, with the id of the node whose code the thread runs */
  constructor(pages: readonly MeterPage[], plan: Plan, warn: (node: string) => void) {
    this.#pages = pages
    // The thread that runs the flow does the first share, too.
    this.#threads = [pages.slice(0, 2).toReversed(), ...pages.slice(2).map((page) => [page])]
    this.#plan = plan
    this.#warn = warn
    this.#checkedAt = performance.now()
    this.#seen = this.#fresh(this.#checkedAt)
    this.#timer = setInterval(() => this.check(performance.now()), CHECK_MS)
    this.#timer.unref()
  }

  /** Ids of the nodes whose code the threads run. */
  get running(): string[] {
    return this.runningOn(this.#threads.map((_, thread) => thread))
  }

  /** Ids of the nodes whose code these threads run, the one that runs the flow being the first. */
  runningOn(threads: readonly number[]): string[] {
    const nodes = threads.flatMap((thread) => this.#nodeOf(this.#threads[thread] ?? []) ?? [])
    return [...new Set(nodes)]
  }

  /** Id of the node whose code ran last on the first of these pages that tells; they outlive their thread. */
  lastOn(pages: readonly number[]): string | undefined {
    return this.#nodeOf(pages.flatMap((page) => this.#pages[page] ?? []))
  }

  /** @param now in ms, as performance.now gives it */
  check(now: number): void {
    // This thread has slept itself, perhaps with the whole machine: silence then means nothing.
    if (now - this.#checkedAt > SILENT_MS) this.#seen = this.#fresh(now)
    this.#checkedAt = now
    this.#threads.forEach((pages, thread) => {
      const seen = this.#seen[thread]!
      const beats = beatsOf(pages)
      if (beats !== seen.beats) {
        this.#seen[thread] = { beats, at: now, warned: false }
        return
      }
      const node = this.#nodeOf(pages)
      if (node === undefined || seen.warned || now - seen.at < SILENT_MS) return
      seen.warned = true
      this.#warn(node)
    })
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #nodeOf(pages: readonly MeterPage[]): string | undefined {
    const index = pages.map(({ runs }) => runs).find((runs) => runs !== undefined)
    return index === undefined ? undefined : this.#plan.nodes[index]?.id
  }

  #fresh(at: number): { beats: number; at: number; warned: boolean }[] {
    return this.#threads.map((pages) => ({ beats: beatsOf(pages), at, warned: false }))
  }
}

function beatsOf(pages: readonly MeterPage[]): number {
  return pages.reduce((sum, { beats }) => sum + beats, 0)
}
