/**
 * The merge of a kernel stage: the tables of its parts become one, in the order of the source, then records; where some
 * are on disk, one bucket of keys after the other. Where only the top few are wanted, only these become records.
 */
import type { MergeContext, MergeSetup, PartSetup, StageMerge } from '../../runtime/part-work.ts'
import { batched } from '../../spec/batches.ts'
import type { Batch, DataRecord } from '../../spec/node.ts'
import { recordBytes } from '../../spec/record-size.ts'
import { NumberedValues } from '../../spill/numbered.ts'
import type { BucketRooms } from './bucket-rooms.ts'
import { DiskGroups } from './disk-groups.ts'
import { lastRecords, type PartState } from './finish-groups.ts'
import { fileRooms, FIRST_BITS, GroupFile, type GroupsOnDisk } from './group-file.ts'
import { GroupReader } from './group-reader.ts'
import { groupBudget, KernelGroups } from './kernel-groups.ts'
import { KernelMemory } from '../kernel-memory.ts'
import { newKernel } from '../module.ts'
import type { PackedGroups } from './packed-groups.ts'
import { lastNode, type KernelProgram } from '../program.ts'
import { groupsLimit, type PartGroups } from './spilling-groups.ts'
import { TopGroups, type TopOfPart } from './top-groups.ts'

/** Records of the group that are made to be looked at, where a top behind it wants only a few. */
const SHOWN = 100
/** Others get a turn after so many groups. */
const PAUSE_AFTER = 4096
/** What a record takes in memory beside its group on disk, about. */
const RECORD_FACTOR = 3

export class KernelMerge implements StageMerge {
  readonly node: string
  onDisk = false
  readonly #program: KernelProgram
  readonly #plan: PartSetup['plan']
  readonly #memory: MergeSetup['node']['memory']
  readonly #maxGroups: number | undefined
  readonly #kernel = new KernelMemory(newKernel())

  constructor({ program, plan, flow, registry, node }: MergeSetup) {
    this.#program = program as KernelProgram
    this.#plan = plan
    this.#memory = node.memory
    this.node = lastNode(this.#program)
    const { type, config } = flow.nodes[this.#program.nodes.at(-1)!]!
    this.#maxGroups = registry.get(type)!.config.parse(config ?? {})['maxGroups'] as number | undefined
  }

  records(states: readonly unknown[], context: MergeContext): Iterable<Batch> {
    const sent = states as readonly PartState[]
    if (sent.length > 0 && sent.every(isTop)) return this.#ofTops(sent, context)
    const tables = sent as readonly PartGroups[]
    this.onDisk = tables.some(isOnDisk)
    return this.onDisk ? this.#ofDisk(tables, context) : this.#ofMemory(tables as PackedGroups[], context)
  }

  /** Each part has finished the groups of its own keys. */
  *#ofTops(parts: readonly TopOfPart[], context: MergeContext): Iterable<Batch> {
    const best = new TopGroups(this.#program.top!)
    const budget = groupBudget(this.#maxGroups)
    for (const { top, count } of parts) {
      budget.take(count)
      best.add(top)
    }
    const count = parts.reduce((sum, part) => sum + part.count, 0)
    this.#count(
      context,
      count,
      parts.flatMap(({ shown }) => shown),
    )
    yield* batched(best.records())
  }

  *#ofMemory(tables: readonly PackedGroups[], context: MergeContext): Iterable<Batch> {
    const groups = this.#table(this.#maxGroups)
    // In between others get their turn.
    for (const _ of groups.merge(tables)) yield []
    const reader = new GroupReader(this.#kernel, groups, this.#program)
    const { top } = this.#program
    if (!top) return yield* batched(recordsOf(reader))
    const best = new TopGroups(top)
    const take = best.taker(reader)
    const shown: number[] = []
    let position = 0
    for (const group of reader.all()) {
      take(group, position)
      shown[position++ % SHOWN] = group
      if (position % PAUSE_AFTER === 0) yield []
    }
    this.#count(context, position, lastRecords(reader, shown))
    yield* batched(best.records())
  }

  *#ofDisk(tables: readonly PartGroups[], context: MergeContext): Iterable<Batch> {
    const groups = this.#table(undefined)
    const rooms = fileRooms(this.#kernel)
    const files: GroupsOnDisk[] = []
    for (const table of tables) {
      files.push(isOnDisk(table) ? table : this.#toDisk(table, groups, rooms))
      yield []
    }
    const disk = new DiskGroups(
      {
        memory: this.#kernel,
        groups,
        keys: this.#program.by.length,
        rooms,
        file: this.#memory,
        bytes: this.#program.sizes?.groupBytes ?? groupsLimit(this.#memory.limitMb, 2),
      },
      files,
    )
    const { top } = this.#program
    const best = top && new TopGroups(top)
    const made = best ? undefined : this.#inOrder(disk)
    const budget = groupBudget(this.#maxGroups)
    let count = 0
    try {
      for (const full of disk.buckets()) {
        yield []
        if (!full) continue
        const here = new GroupReader(this.#kernel, groups, this.#program)
        const take = best?.taker(here) ?? ((group: number, at: number) => made!.add(at, here.record(group)))
        const shown: number[] = []
        const before = count
        for (const group of here.all()) {
          budget.take()
          take(group, here.numberOf(group))
          shown[(count++ - before) % SHOWN] = group
          if (count % PAUSE_AFTER === 0) yield []
        }
        if (best) this.#show(context, lastRecords(here, shown))
      }
      if (best) this.#count(context, count, [])
      yield* batched(best?.records() ?? made!.inOrder())
    } finally {
      made?.clear()
    }
  }

  #inOrder({ count: end, bytes }: DiskGroups): NumberedValues<DataRecord> {
    return new NumberedValues<DataRecord>(this.#memory, { end, bytes: bytes * RECORD_FACTOR })
  }

  /** Lays a table on disk that came in memory, as others did not. */
  #toDisk(
    { chunks, states, values }: PackedGroups,
    { address, functions }: KernelGroups,
    rooms: BucketRooms,
  ): GroupsOnDisk {
    const memory = this.#kernel
    const shape = { aggregates: functions.length, keys: this.#program.by.length }
    const setup = { memory, table: address, shape, by: FIRST_BITS, rooms }
    const file = new GroupFile(this.#memory, setup)
    const room = memory.allocate(chunks.reduce((sum, { bytes }) => sum + bytes.byteLength, 0))
    let at = room
    const ranges = chunks.map(({ piece, bytes }) => {
      memory.bytes.set(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes, at)
      return { piece, from: at, to: (at += bytes.byteLength) }
    })
    for (const range of ranges) file.write(0, range)
    file.writeLeft(0, { states, values }, ranges)
    return file.data()
  }

  #table(maxGroups: number | undefined): KernelGroups {
    return new KernelGroups(this.#kernel, {
      keys: this.#program.by.map(() => 0),
      aggregates: this.#program.aggregates.map(({ fn }) => ({ fn, column: 0 })),
      rowLimit: 0,
      maxGroups,
    })
  }

  /** Counts what went from the group to the top. */
  #count(context: MergeContext, count: number, records: Batch): void {
    const from = this.#program.nodes.at(-1)!
    const bytes = records.reduce<number>((sum, record) => sum + recordBytes(record), 0)
    context.meters(from).add('out', count)
    context.meters(this.node).add('in', count)
    const each = bytes / Math.max(1, records.length)
    context.edge(this.#topEdge()).passed(count, Math.round(each * count))
    this.#show(context, records)
  }

  #show(context: MergeContext, records: Batch): void {
    if (records.length > 0) context.show(this.#topEdge(), records)
  }

  #topEdge(): string {
    const from = this.#program.nodes.at(-1)!
    return this.#plan.edges.find((one) => one.from.node === from && one.to.node === this.node)!.id
  }
}

function isTop(state: PartState): state is TopOfPart {
  return 'top' in state
}

function isOnDisk(table: PartGroups): table is GroupsOnDisk {
  return 'path' in table
}

function* recordsOf(reader: GroupReader): Iterable<DataRecord> {
  for (const group of reader.all()) yield reader.record(group)
}
