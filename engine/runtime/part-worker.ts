/** A thread that does its shares of a run's stages, then stays to answer questions about the taps inside them. */
import type { MessagePort } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { createNodeIo } from '../host/node-io.ts'
import { nodeTypes } from '../nodes/index.ts'
import type { NodeIo } from '../spec/node.ts'
import { createRegistry } from '../spec/registry.ts'
import { realClock } from './clock.ts'
import { MeterPage } from './meter.ts'
import { startShare, type Share } from './part-share.ts'
import { tapAnswer } from './tap-answer.ts'
import type { PartStart, ThreadFunctions, WorkerHost } from './worker-protocol.ts'

export function startPart(start: PartStart, port: MessagePort): void {
  const functions: ThreadFunctions = {
    stop: () => shares.forEach((share) => share.stop()),
    tap(edge, limit) {
      for (const share of shares) {
        const records = share.tap(edge, limit)
        if (records) return tapAnswer(records)
      }
      return null
    },
  }
  const host = createBirpc<WorkerHost, ThreadFunctions>(functions, {
    post: (message) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    timeout: -1,
  })
  const io: NodeIo = createNodeIo(start.baseDir, {
    readStdin: () => Promise.resolve(null),
    print: (text) => host.print(text),
    guard: (path) => void host.guard.asEvent(path),
    release: (path) => void host.release.asEvent(path),
  })
  const registry = createRegistry(nodeTypes)
  const meters = new MeterPage(start.plan, start.meters)
  const { flow, plan, metered } = start
  const common = { flow, plan, registry, io, clock: realClock, meters, metered }
  const shares: Share[] = start.stages.map(({ stage, nodes, program, share, port: stagePort }) =>
    startShare(
      { ...common, stage, nodes, program },
      { memoryMb: start.memoryMb, threads: start.threads, share, port: stagePort },
    ),
  )
}
