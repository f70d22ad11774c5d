/**
 * Watches what the process of a run takes altogether. Heaps have limits, and nodes that hold records count them; but
 * buffers that code of users keeps are in neither, and where they fill the machine the system kills the process.
 */
import { freemem, totalmem } from 'node:os'

const CHECK_MS = 200
/** Of the machine, or of what the process is allowed to have. */
const MOST = 0.9
/** Where others take much, too: little is left, and this process is the one that has most. */
const LEAST_FREE = 1 / 32
const HAS_MOST = 0.5

export interface MemoryNow {
  /** What the process has, in bytes, as all below. */
  rss: number
  /** What it may have. */
  total: number
  /** What the machine has left; undefined where the system does not tell what it could give back. */
  free: number | undefined
}

/** Whether the process has to give up, before the system ends it. */
export function isExhausted({ rss, total, free = total }: MemoryNow): boolean {
  return rss > total * MOST || (free < total * LEAST_FREE && rss > total * HAS_MOST)
}

function memoryNow(): MemoryNow {
  const all = totalmem()
  // 0, or more than there is, where nothing is said.
  const allowed = process.constrainedMemory()
  const total = allowed > 0 && allowed < all ? allowed : all
  // On macOS what could be given back at once counts as taken.
  const free = process.platform === 'darwin' ? undefined : freemem()
  return { rss: process.memoryUsage.rss(), total, free }
}

/** Calls `over` once with what the process takes, in MB, when that is too much. Returns the end of watching. */
export function watchMemory(over: (mb: number) => void): () => void {
  const timer = setInterval(() => {
    const now = memoryNow()
    if (!isExhausted(now)) return
    clearInterval(timer)
    over(Math.round(now.rss / 1024 / 1024))
  }, CHECK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
