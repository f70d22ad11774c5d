/**
 * Watches the threads of a run for one that gives no sign of life: code of a user that never comes back keeps it from
 * answering anything, so it is the shared memory that tells whose code it is.
 */
import type { MeterPage } from '../runtime/meter.ts'
import type { Plan } from './protocol.ts'

/** Without a sign for so long a thread is taken to be stuck. */
const SILENT_MS = 5000
const CHECK_MS = 1000

/** The signs of all threads at one moment. */
export type Beats = readonly number[]

export class ThreadWatch {
  readonly #pages: readonly MeterPage[]
  readonly #plan: Plan
  readonly #warn: (node: string) => void
  readonly #timer: NodeJS.Timeout
  /** By thread: its last sign, when it was first seen, and whether it was warned of. */
  #seen: { beats: number; at: number; warned: boolean }[]
  #checkedAt: number

  /** @param warn called once for each silence, with the id of the node whose code the thread runs */
  constructor(pages: readonly MeterPage[], plan: Plan, warn: (node: string) => void) {
    this.#pages = pages
    this.#plan = plan
    this.#warn = warn
    this.#checkedAt = performance.now()
    this.#seen = this.#fresh(this.#checkedAt)
    this.#timer = setInterval(() => this.check(performance.now()), CHECK_MS)
    this.#timer.unref()
  }

  beats(): Beats {
    return this.#pages.map((page) => page.beats)
  }

  /** Ids of the nodes whose code runs in threads that have given no sign since. */
  silentSince(before: Beats): string[] {
    const silent = this.#pages.filter((page, thread) => page.beats === before[thread])
    return [...new Set(silent.flatMap((page) => this.#nodeOf(page) ?? []))]
  }

  /** Id of the node whose code ran last on the first of these pages that tells; they outlive their thread. */
  lastOn(pages: readonly number[]): string | undefined {
    return pages.flatMap((page) => (this.#pages[page] && this.#nodeOf(this.#pages[page])) ?? [])[0]
  }

  /** @param now in ms, as performance.now gives it */
  check(now: number): void {
    // This thread has slept itself, perhaps with the whole machine: silence then means nothing.
    if (now - this.#checkedAt > SILENT_MS) this.#seen = this.#fresh(now)
    this.#checkedAt = now
    this.#pages.forEach((page, thread) => {
      const seen = this.#seen[thread]!
      if (page.beats !== seen.beats) {
        this.#seen[thread] = { beats: page.beats, at: now, warned: false }
        return
      }
      const node = this.#nodeOf(page)
      if (node === undefined || seen.warned || now - seen.at < SILENT_MS) return
      seen.warned = true
      this.#warn(node)
    })
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #nodeOf(page: MeterPage): string | undefined {
    return page.runs === undefined ? undefined : this.#plan.nodes[page.runs]?.id
  }

  #fresh(at: number): { beats: number; at: number; warned: boolean }[] {
    return this.#pages.map(({ beats }) => ({ beats, at, warned: false }))
  }
}
