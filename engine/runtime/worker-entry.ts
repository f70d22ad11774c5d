/** Entry of the threads of a run: the one that runs the flow, and those that do shares of its stages. */
import { parentPort } from 'node:worker_threads'
import '../spec/zod-settings.ts'
import { startPart } from './part-worker.ts'
import { startRun } from './run-worker.ts'
import { refuseExit } from './uncaught.ts'
import type { PartStart, WorkerStart } from './worker-protocol.ts'

const port = parentPort!
refuseExit()
// As a message, not as the thread's data: the thread may be there before the flow has been read.
port.once('message', (start: WorkerStart | PartStart) => {
  if ('work' in start) startRun(start, port)
  else startPart(start, port)
})
