/** How much a part works on at once: bytes of a block, and rows of a scan. */
import { isWrite, type PartProgram } from './part-program.ts'

export interface PartSizes {
  /** Of a read. */
  blockBytes: number
  /** Of a scan, at most. */
  rowLimit: number
}

/**
 * Each block and each scan costs some JavaScript, which V8 would also find worth compiling: with a quarter of them, a
 * run over 1 GB of logs takes an eighth less time. Scanning and grouping do not mind that a block is larger than what
 * the processor keeps near.
 */
const GROUPING: PartSizes = { blockBytes: 2048 * 1024, rowLimit: 16 * 1024 }
/** JavaScript goes over these rows again and again: what it made of the first has to be near when the last is done. */
const WRITING: PartSizes = { blockBytes: 512 * 1024, rowLimit: 2 * 1024 }

export function sizesOf(program: PartProgram): PartSizes {
  return { ...(isWrite(program) ? WRITING : GROUPING), ...program.sizes }
}
