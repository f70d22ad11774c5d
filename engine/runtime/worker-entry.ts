/** Entry of the worker thread: runs one flow, then stays to answer questions about its rows and taps. */
import { parentPort } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { createNodeIo } from '../host/node-io.ts'
import { nodeTypes } from '../nodes/index.ts'
import { fieldTypes } from '../spec/field-types.ts'
import { previewRecords } from '../spec/preview.ts'
import { createRegistry } from '../spec/registry.ts'
import { Run } from './run.ts'
import type { Batch } from '../spec/node.ts'
import type { WorkerFunctions, WorkerHost, WorkerStart } from './worker-protocol.ts'

/** Rows whose types are looked at for the header of a table. */
const TYPED_ROWS = 200

const port = parentPort!
// As a message, not as the thread's data: the thread may be there before the flow has been read.
port.once('message', begin)

function begin(start: WorkerStart): void {
  const functions: WorkerFunctions = {
    stop: () => run.stop(),
    tap(edge, limit) {
      const records = run.tap(edge, limit)
      return records ? { ...previewRecords(records), fields: fieldTypes([...records]) } : null
    },
    rows(node, offset, limit) {
      const store = run.rows(node)
      if (!store) return null
      const { records } = previewRecords(store.slice(offset, limit))
      return {
        rows: records,
        head: store.head,
        stored: store.stored,
        total: store.total,
        fields: fieldTypes(store.slice(0, TYPED_ROWS)),
      }
    },
  }

  // No time-out: a print waits for as long as the terminal does.
  const host = createBirpc<WorkerHost, WorkerFunctions>(functions, {
    post: (message) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    timeout: -1,
  })

  const run = new Run({
    flow: start.flow,
    plan: start.plan,
    registry: createRegistry(nodeTypes),
    meters: start.meters,
    memoryMb: start.memoryMb,
    metered: start.metered,
    io: createNodeIo(start.baseDir, {
      readStdin: () => host.readStdin(),
      print: (text) => host.print(text),
      guard: (path) => void host.guard.asEvent(path),
      release: (path) => void host.release.asEvent(path),
    }),
    stream: start.stream === undefined ? undefined : { node: start.stream, sink: { append: streamRows } },
  })
  void run.ended.then((outcome) => host.ended.asEvent(outcome))

  async function streamRows(batch: Batch): Promise<void> {
    try {
      await host.streamRows(batch)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error
      // A record holds what cannot leave the thread (a function, say): its JSON form goes instead.
      await host.streamRows(JSON.parse(JSON.stringify(batch)) as Batch)
    }
  }
}
