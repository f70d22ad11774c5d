/** How many workers the memory of a run is enough for: divided among more, each would be busy with the disk alone. */
import { mostWorkers } from '../spill/run-memory.ts'
import type { FlowGraph } from './flow-graph.ts'
import type { PlanOptions } from './plan-options.ts'
import type { Share } from './share.ts'

export interface MemoryBound {
  /** The same, with no more workers than that. */
  options: PlanOptions
  /** Adds to what is said of a stage why it has no more of them, where it could have. */
  explained(found: Share | string): Share | string
}

export function boundByMemory(graph: FlowGraph, options: PlanOptions): MemoryBound {
  const { workers = 1, memoryMb } = options
  const holders = graph.ids.filter((id) => graph.type(id).laws.holds === 'all').length
  const most = memoryMb === undefined ? workers : Math.min(workers, mostWorkers(memoryMb, holders))
  if (most === workers) return { options, explained: (found) => found }
  const why = `more would leave too little of ${memoryMb} MB for each`
  return {
    options: { ...options, workers: most },
    explained(found) {
      if (typeof found === 'string')
        return most === 1 && found.endsWith('allowed') ? `one worker: ${why}` : found
      return found.workers === most && found.merges.length + found.copies.length > 0
        ? { ...found, why: `${found.why}; ${why}` }
        : found
    },
  }
}
