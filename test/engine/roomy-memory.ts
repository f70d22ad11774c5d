/** Memory for tests of nodes that are not to write to disk. */
import type { Memory } from '../../engine/spec/node.ts'

/** More than a test can fill. */
export const roomyMemory: Memory = {
  bytes: Infinity,
  limitMb: Infinity,
  onDisk: false,
  newFile() {
    throw new Error('no test with this memory may write to disk')
  },
}
