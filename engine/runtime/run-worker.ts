/** The thread that runs a flow, then stays to answer questions about its rows and taps. */
import type { MessagePort } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { createNodeIo } from '../host/node-io.ts'
import { endDuckDb } from '../formats/duckdb.ts'
import { nodeTypes } from '../nodes/index.ts'
import { fieldTypes } from '../spec/field-types.ts'
import { previewRecords } from '../spec/preview.ts'
import { createRegistry } from '../spec/registry.ts'
import type { Batch } from '../spec/node.ts'
import { flushConsole } from './flush-console.ts'
import { localPorts } from './local-ports.ts'
import { sentRows } from './sent-rows.ts'
import { startShares } from './part-shares.ts'
import { Run } from './run.ts'
import { tapAnswer } from './tap-answer.ts'
import { tellUncaught } from './uncaught.ts'
import type { ThreadHost, WorkerFunctions, WorkerStart } from './worker-protocol.ts'

/** Rows whose types are looked at for the header of a table. */
const TYPED_ROWS = 200

export function startRun(start: WorkerStart, port: MessagePort): void {
  const functions: WorkerFunctions = {
    stop() {
      run.stop()
      shares.stop()
    },
    endDuckDb,
    flushConsole,
    tap: (edge, limit) => tapAnswer(run.tap(edge, limit) ?? shares.tap(edge, limit)),
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
  const host = createBirpc<ThreadHost, WorkerFunctions>(functions, {
    post: (message) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    timeout: -1,
  })
  /** Until the run has ended. */
  let fail: ((reason: string) => void) | undefined
  tellUncaught((reason, byCode) => {
    void host.threw.asEvent(reason, byCode)
    // The host ends the thread, and may do so later than the run would have put its files in place.
    fail?.(reason)
  })

  const streamRows = async (batch: Batch): Promise<void> => {
    try {
      await host.streamRows(batch)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error
      // A record holds what cannot leave the thread: a function, say.
      await host.streamRows(sentRows(batch))
    }
  }

  const { flow, work, memoryMb, metered, threads } = start
  const registry = createRegistry(nodeTypes)
  const io = createNodeIo(start.baseDir, {
    readStdin: () => host.readStdin(),
    print: (text) => host.print(text),
    guard: (path) => void host.guard.asEvent(path),
    release: (path) => void host.release.asEvent(path),
    log: (node, text) => void host.log.asEvent(node, text),
  })
  // This thread has nothing else to do while its part workers work, so it does the first share itself.
  const mine = work.shared.flatMap(({ stage, parts: [share], parts }) =>
    parts.length > 0 ? [{ stage, share, channel: localPorts() }] : [],
  )
  const others = new Map(start.parts.map(({ stage, ports }) => [stage, ports]))
  const shares = startShares({
    flow,
    work,
    registry,
    io,
    metered,
    memoryMb,
    threads,
    meters: start.partMeters,
    shares: mine.map(({ stage, share, channel }) => ({ stage, part: 0, share, port: channel.port2 })),
  })
  const run = new Run({
    flow,
    work,
    registry,
    io,
    metered,
    memoryMb,
    parts: new Map(mine.map(({ stage, channel }) => [stage, [channel.port1, ...(others.get(stage) ?? [])]])),
    meters: start.meters,
    stream: start.stream === undefined ? undefined : { node: start.stream, sink: { append: streamRows } },
  })
  fail = (reason) => run.fail(new Error(reason))
  void run.ended.then((outcome) => {
    fail = undefined
    void host.ended.asEvent(outcome)
  })
}
