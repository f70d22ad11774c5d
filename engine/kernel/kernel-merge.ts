/** The merge of a kernel stage: the tables of its parts become one, in the order of the shares, then records. */
import type { StageMerge } from '../runtime/part-work.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { GroupReader } from './group-reader.ts'
import { KernelGroups, type PackedGroups } from './kernel-groups.ts'
import { KernelMemory } from './kernel-memory.ts'
import { newKernel } from './module.ts'
import type { KernelProgram } from './program.ts'

export class KernelMerge implements StageMerge {
  readonly node: string
  readonly #program: KernelProgram
  readonly #maxGroups: number

  constructor(program: KernelProgram, maxGroups: number) {
    this.#program = program
    this.#maxGroups = maxGroups
    this.node = program.nodes.at(-1)!
  }

  *records(states: readonly unknown[]): Iterable<Batch> {
    const memory = new KernelMemory(newKernel())
    const groups = new KernelGroups(memory, {
      keys: this.#program.by.map(() => 0),
      aggregates: this.#program.aggregates.map(({ fn }) => ({ fn, column: 0 })),
      rowLimit: 0,
      maxGroups: this.#maxGroups,
    })
    for (const state of states) {
      groups.merge(state as PackedGroups)
      // Between two states others get their turn.
      yield []
    }
    const reader = new GroupReader(memory, groups, this.#program)
    let batch: DataRecord[] = []
    for (const group of reader.all()) {
      batch.push(reader.record(group))
      if (batch.length < BATCH_RECORDS) continue
      yield batch
      batch = []
    }
    yield batch
  }
}
