/** One thread of a run as the host sees it: started, called, watched, ended. */
import type { TransferListItem, Worker } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import type {
  PartStart,
  ThreadFunctions,
  ThreadHost,
  WorkerHost,
  WorkerStart,
} from '../runtime/worker-protocol.ts'

export interface ThreadOptions {
  /** Waits for its first message. */
  worker: Worker
  /** That message. */
  data: WorkerStart | PartStart
  /** Ports in the data, which go over to the thread. */
  ports: readonly TransferListItem[]
  /** What the thread may ask. */
  host: WorkerHost
  /** Called at most once: the thread failed, or ended, which it does only when it is told to. `UncaughtError`: it lives. */
  died: (error: Error) => void
  /** What a node's code writes to its console. */
  printed: (text: string) => void
}

/** Something threw in a thread where nothing catches. */
export class UncaughtError extends Error {
  override readonly name = 'UncaughtError'
  /** Code of a node is in its stack. */
  readonly byCode: boolean
  constructor(reason: string, byCode: boolean) {
    super(reason)
    this.byCode = byCode
  }
}

/** The functions of a thread, each of which answers later. */
export type Remote<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

export class RunThread<Functions extends ThreadFunctions> {
  readonly call: Remote<Functions>
  readonly #worker: Worker
  readonly #close: () => void
  #dead = false

  constructor(options: ThreadOptions) {
    const { worker, data, ports, host, printed } = options
    worker.postMessage(data, ports)
    this.#worker = worker
    let isTold = false
    const died = (error: Error) => {
      if (!isTold) options.died(error)
      isTold = true
    }
    const functions: ThreadHost = { ...host, threw: (...thrown) => died(new UncaughtError(...thrown)) }
    const rpc = createBirpc<ThreadFunctions, ThreadHost>(functions, {
      post: (message) => worker.postMessage(message),
      on: (listener) => worker.on('message', listener),
      timeout: -1,
    })
    // Sound because the thread at the other end is the one that has these functions.
    this.call = rpc as unknown as Remote<Functions>
    this.#close = () => rpc.$close()
    const isDead = (error: Error) => {
      if (this.#dead) return
      this.#dead = true
      this.#close()
      died(error)
    }
    worker.on('error', isDead)
    worker.on('exit', () => isDead(new Error('its thread ended')))
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => printed(text.trimEnd()))
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }
}
