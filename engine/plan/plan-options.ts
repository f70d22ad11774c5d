/** What a plan is made for: the machine, the folder of the flow, and from which size on workers are worth their start. */
import type { Tier } from '../host/protocol.ts'
import type { NodeIo } from '../spec/node.ts'

export interface PlanOptions {
  /** Worker threads at most; 1 where it is left out. */
  workers?: number
  /** Where relative paths count from; without it no source is looked at, and none is shared. */
  io?: Pick<NodeIo, 'resolve'>
  least?: Least
  /** Bytes of a share where workers take them in turn. */
  turnBytes?: number
  /** What the nodes that hold records may take together. */
  memoryMb?: number
  /** The one tier that is allowed beside row; absent: all. */
  tier?: Tier
}

/** Sources smaller than this are done by one worker. */
export interface Least {
  /** Bytes of a file in the row tier. */
  rowBytes: number
  /** Bytes of a file in the kernel tier. */
  kernelBytes: number
  /** Records of a source that reads nothing. */
  records: number
  /** What must be left of a share in the row tier for half of it to be ceded. */
  cededBytes?: number
  cededRecords?: number
  /** Bytes of a Parquet file in the SQL tier: loading DuckDB takes some 50 ms too. */
  sqlBytes?: number
}

/** The start of a worker takes some 50 ms. */
export const LEAST: Least = {
  rowBytes: 8 * 1024 * 1024,
  kernelBytes: 4 * 1024 * 1024,
  records: 2_000_000,
  cededBytes: 4 * 1024 * 1024,
  cededRecords: 2_000_000,
  sqlBytes: 256 * 1024,
}

/** Large enough for the message that hands it out, small enough to be waited for. */
export const TURN_BYTES = 4 * 1024 * 1024
