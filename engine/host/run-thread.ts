/** One thread of a run as the host sees it: started, called, watched, ended. */
import type { TransferListItem, Worker } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import type { PartStart, ThreadFunctions, WorkerHost, WorkerStart } from '../runtime/worker-protocol.ts'

export interface ThreadOptions {
  /** Waits for its first message. */
  worker: Worker
  /** That message. */
  data: WorkerStart | PartStart
  /** Ports in the data, which go over to the thread. */
  ports: readonly TransferListItem[]
  /** What the thread may ask. */
  host: WorkerHost
  /** Called at most once: the thread failed, or ended, which it does only when it is told to. */
  died: (error: Error) => void
  /** What a node's code writes to its console. */
  printed: (text: string) => void
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
    const { worker, data, ports, host, died, printed } = options
    worker.postMessage(data, ports)
    this.#worker = worker
    const rpc = createBirpc<ThreadFunctions, WorkerHost>(host, {
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
