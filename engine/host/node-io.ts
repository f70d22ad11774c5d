/** The outside world that nodes get in a real run: paths from the flow's folder, streams and temp files through the host. */
import { isAbsolute, resolve } from 'node:path'
import type { NodeIo } from '../spec/node.ts'

export interface IoHost {
  /** The next piece of standard input, null at its end. */
  readStdin(): Promise<Uint8Array | null>
  print(text: string): void | Promise<void>
  guard(path: string): void
  release(path: string): void
  log(node: string, text: string): void
}

export function createNodeIo(baseDir: string, host: IoHost): NodeIo {
  return {
    resolve: (path) => (isAbsolute(path) ? path : resolve(baseDir, path)),
    async *stdin() {
      for (let piece = await host.readStdin(); piece; piece = await host.readStdin()) yield piece
    },
    print: (text) => host.print(text),
    guard(path) {
      host.guard(path)
      return () => host.release(path)
    },
    log: (node, text) => host.log(node, text),
  }
}
