/**
 * DuckDB, loaded when it is needed and not before: a run without it does not wait for it. And its calls: a thread that
 * is ended while one is pending takes the whole process with it, because the binding then throws where nothing catches.
 */
import { createRequire } from 'node:module'
import type * as DuckDb from '@duckdb/node-api'

/** By `require`, because code that comes out of V8's code cache cannot import in a worker thread. */
export function loadDuckDb(): typeof DuckDb {
  return createRequire(import.meta.url)('@duckdb/node-api') as typeof DuckDb
}

interface Call {
  done: Promise<unknown>
  interrupt: () => void
}

/** How often a statement is told to end: one that is just about to begin does not hear it. */
const REPEAT_MS = 20

const calls = new Set<Call>()
let isEnded = false

/**
 * Does something with DuckDB. After `endDuckDb` nothing is begun any more, and the promise never settles.
 * @param interrupt makes what is going on fail soon
 */
export async function duckDbCall<Value>(work: () => Promise<Value>, interrupt: () => void): Promise<Value> {
  if (isEnded) return new Promise(() => {})
  const done = work()
  const call = { done, interrupt }
  calls.add(call)
  try {
    return await done
  } finally {
    calls.delete(call)
  }
}

/** Settles when this thread has nothing more to do with DuckDB, and never again: then it may be ended. */
export async function endDuckDb(): Promise<void> {
  isEnded = true
  const interrupt = () => {
    for (const call of calls) call.interrupt()
  }
  interrupt()
  const repeat = setInterval(interrupt, REPEAT_MS)
  while (calls.size > 0) await Promise.allSettled([...calls].map(({ done }) => done))
  clearInterval(repeat)
}
