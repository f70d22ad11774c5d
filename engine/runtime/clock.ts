/** Time for nodes: the real one, and a virtual one for tests and examples. All in milliseconds. */
import type { Clock } from '../spec/node.ts'

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortReason(signal))
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      const onAbort = () => {
        clearTimeout(timer)
        reject(abortReason(signal!))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}

export interface VirtualClock extends Clock {
  /** Timers that still wait. */
  readonly pending: number
  /** Lets time jump from timer to timer until the promise settles; other work runs to its end in between. */
  runUntil<Value>(promise: Promise<Value>): Promise<Value>
}

/** A clock that starts at 0 and only moves when everything that could run has run. */
export function virtualClock(): VirtualClock {
  let time = 0
  let order = 0
  const timers = new Set<{ at: number; order: number; fire: () => void }>()
  const clock: VirtualClock = {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(abortReason(signal))
        const onAbort = () => {
          timers.delete(timer)
          reject(abortReason(signal!))
        }
        const timer = {
          at: time + Math.max(0, ms),
          order: order++,
          fire: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        timers.add(timer)
        signal?.addEventListener('abort', onAbort, { once: true })
      }),
    get pending() {
      return timers.size
    },
    async runUntil(promise) {
      let settled = false
      const mark = () => {
        settled = true
      }
      promise.then(mark, mark)
      while (!settled) {
        // A few turns of the event loop: whatever can run without time passing, runs first.
        for (let turn = 0; turn < 4 && !settled; turn++) await new Promise((resolve) => setImmediate(resolve))
        if (settled) break
        let next: { at: number; order: number; fire: () => void } | undefined
        for (const timer of timers) {
          if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
        }
        if (next) {
          timers.delete(next)
          time = Math.max(time, next.at)
          next.fire()
        }
      }
      return promise
    },
  }
  return clock
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('stopped', 'AbortError')
}
