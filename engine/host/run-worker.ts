/** The thread of a run: made when it is needed, or earlier, so that it starts while its flow is still being read. */
import { totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'

let spare: { url: string; heapLimitMb: number; worker: Worker } | undefined

/** Starts a thread for the next run. Once is enough: a second call replaces nothing. */
export function prepareRunWorker(url: URL, heapLimitMb = defaultHeapLimitMb()): void {
  if (spare) return
  const worker = createWorker(url, heapLimitMb)
  spare = { url: url.href, heapLimitMb, worker }
  // One that cannot even start is forgotten: the run makes its own, and says what happened to that.
  const forget = () => void (spare?.worker === worker && (spare = undefined))
  worker.on('error', forget).on('exit', forget)
}

/** A thread that waits for its `WorkerStart` as its first message; the prepared one, where it fits. */
export function takeRunWorker(url: URL, heapLimitMb: number): Worker {
  if (spare?.url !== url.href || spare.heapLimitMb !== heapLimitMb) return createWorker(url, heapLimitMb)
  const { worker } = spare
  spare = undefined
  return worker
}

/** MB. Below the cage that Electron puts around all heaps of a process; half the machine elsewhere. */
export function defaultHeapLimitMb(): number {
  return Math.min(process.versions['electron'] ? 2048 : 4096, Math.floor(totalmem() / 2 / 1024 / 1024))
}

/** A thread that waits for its first message. */
export function createWorker(url: URL, heapLimitMb: number): Worker {
  return new Worker(url, {
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb },
    // A node's console output belongs to the log, not to the records on stdout.
    stdout: true,
    stderr: true,
  })
}
