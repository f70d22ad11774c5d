/**
 * The merge of a kernel stage: the tables of its parts become one, in the order of the shares, then records. Where only
 * the top few are wanted, only these become records.
 */
import type { MergeContext, PartSetup, StageMerge } from '../runtime/part-work.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { BoundedHeap } from '../spec/bounded-heap.ts'
import { compareValues } from '../spec/compare.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { GroupReader } from './group-reader.ts'
import { KernelGroups, type PackedGroups } from './kernel-groups.ts'
import { KernelMemory } from './kernel-memory.ts'
import { newKernel } from './module.ts'
import { lastNode, type KernelProgram, type KernelTop } from './program.ts'

/** Records of the group that are made to be looked at, where a top behind it wants only a few. */
const SHOWN = 100

/** A group that may be among the top, with what it is compared by. */
interface Candidate {
  value: unknown
  /** Of equal ones the earlier one wins. */
  position: number
  group: number
}

export class KernelMerge implements StageMerge {
  readonly node: string
  readonly #program: KernelProgram
  readonly #plan: PartSetup['plan']
  readonly #maxGroups: number

  constructor({ program, plan, flow, registry }: Pick<PartSetup, 'program' | 'plan' | 'flow' | 'registry'>) {
    this.#program = program as KernelProgram
    this.#plan = plan
    this.node = lastNode(this.#program)
    const { type, config } = flow.nodes[this.#program.nodes.at(-1)!]!
    this.#maxGroups = Number(registry.get(type)!.config.parse(config ?? {})['maxGroups'])
  }

  *records(states: readonly unknown[], context: MergeContext): Iterable<Batch> {
    const memory = new KernelMemory(newKernel())
    const groups = new KernelGroups(memory, {
      keys: this.#program.by.map(() => 0),
      aggregates: this.#program.aggregates.map(({ fn }) => ({ fn, column: 0 })),
      rowLimit: 0,
      maxGroups: this.#maxGroups,
    })
    // In between others get their turn.
    for (const _ of groups.merge(states as PackedGroups[])) yield []
    const reader = new GroupReader(memory, groups, this.#program)
    const { top } = this.#program
    const wanted = top ? this.#top(reader, top, context) : reader.all()
    let batch: DataRecord[] = []
    for (const group of wanted) {
      batch.push(reader.record(group))
      if (batch.length < BATCH_RECORDS) continue
      yield batch
      batch = []
    }
    yield batch
  }

  /** The groups that come first in the order of `top`, and the counts of the group that gave them. */
  #top(reader: GroupReader, { by, n, order }: KernelTop, context: MergeContext): number[] {
    const sign = order === 'asc' ? 1 : -1
    const heap = new BoundedHeap<Candidate>(
      n,
      (a, b) => compareValues(a.value, b.value, sign) || a.position - b.position,
    )
    const value = reader.valueReader(by)
    const shown: number[] = []
    let position = 0
    for (const group of reader.all()) {
      const candidate = { value: value(group), position: position++, group }
      const { last } = heap
      if (!last || compareValues(candidate.value, last.value, sign) < 0) heap.add(candidate)
      shown[position % SHOWN] = group
    }
    const records = shown.toSorted((a, b) => a - b).map((group) => reader.record(group))
    this.#count(context, position, records)
    return heap.sorted().map(({ group }) => group)
  }

  /** Counts what went from the group to the top. */
  #count(context: MergeContext, count: number, records: Batch): void {
    const from = this.#program.nodes.at(-1)!
    const edge = this.#plan.edges.find((one) => one.from.node === from && one.to.node === this.node)!
    const bytes = records.reduce<number>((sum, record) => sum + recordBytes(record), 0)
    context.meters(from).add('out', count)
    context.meters(this.node).add('in', count)
    context.edge(edge.id).passed(count, Math.round((bytes / Math.max(1, records.length)) * count))
    context.show(edge.id, records)
  }
}
