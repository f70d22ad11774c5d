/** A thread that does its shares of a run's stages, then stays to answer questions about the taps inside them. */
import type { MessagePort } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { createNodeIo } from '../host/node-io.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'
import { flushConsole } from './flush-console.ts'
import { startShares } from './part-shares.ts'
import { tapAnswer } from './tap-answer.ts'
import { tellUncaught } from './uncaught.ts'
import type { PartStart, ThreadFunctions, ThreadHost } from './worker-protocol.ts'

export function startPart(start: PartStart, port: MessagePort): void {
  const functions: ThreadFunctions = {
    stop: () => shares.stop(),
    tap: (edge, limit) => tapAnswer(shares.tap(edge, limit)),
    flushConsole,
  }
  const host = createBirpc<ThreadHost, ThreadFunctions>(functions, {
    post: (message) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    timeout: -1,
  })
  tellUncaught((reason, byCode) => {
    void host.threw.asEvent(reason, byCode)
    // Without the end of these shares the run cannot put its files in place before the host has ended it.
    for (const { port: ofShare } of start.shares) ofShare.close()
  })
  const shares = startShares({
    ...start,
    work: start.part,
    registry: createRegistry(nodeTypes),
    io: createNodeIo(start.baseDir, {
      readStdin: () => Promise.resolve(null),
      print: (text) => host.print(text),
      guard: (path) => void host.guard.asEvent(path),
      release: (path) => void host.release.asEvent(path),
      log: (node, text) => void host.log.asEvent(node, text),
    }),
  })
}
