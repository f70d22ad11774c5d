/** The built thread that runs flows: only loads it. */
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { CodeLoader, writesCaches } from './load.ts'

const code = new CodeLoader('worker')
if (writesCaches && parentPort) saveBeforeEachMessage(parentPort)
code.load(join(import.meta.dirname, 'code', 'worker.js'))

/** The thread is ended from outside as soon as it has told that its run is over: until then it must have saved. */
function saveBeforeEachMessage(port: NonNullable<typeof parentPort>): void {
  const post = port.postMessage.bind(port)
  port.postMessage = (message: unknown, transfer?: Parameters<typeof post>[1]) => {
    code.saveCaches()
    post(message, transfer)
  }
}
