/** What a run may take: as the caller says, else the flow, else this machine. */
import { availableParallelism } from 'node:os'
import type { Flow } from '../flow/model.ts'
import { DEFAULT_MEMORY_MB } from '../spill/run-memory.ts'

/** `workers`: threads at most. `memoryMb`: what the nodes that hold records may take together. */
export interface Limits {
  workers: number
  memoryMb: number
}

export function usualLimits(): Limits {
  return { workers: availableParallelism(), memoryMb: DEFAULT_MEMORY_MB }
}

export function limitsFor({ run }: Flow, wanted: Partial<Limits>): Limits {
  const usual = usualLimits()
  return {
    workers: wanted.workers ?? run?.workers ?? usual.workers,
    memoryMb: wanted.memoryMb ?? run?.memoryMb ?? usual.memoryMb,
  }
}
