/** Lays the groups of a part on disk, again and again, when they take more memory than the part may use. */
import type { Memory } from '../../spec/node.ts'
import { FIRST_BITS, GroupFile, fileRooms, type GroupsOnDisk } from './group-file.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import type { PackedGroups } from './packed-groups.ts'
import { isWrite, type PartProgram } from '../part-program.ts'

/** What a part sends of its groups at the end. */
export type PartGroups = PackedGroups | GroupsOnDisk

const MB = 1024 * 1024
/** Of the run's memory, for the tables of all workers: as much again is wanted where they are merged. */
const TABLES = 1 / 2
/** A kernel's memory ends at 4 GB, and a table that grows needs the old slots beside the new ones. */
const MOST_BYTES = 2048 * MB

/** Bytes that the groups of one worker may take. */
export function groupsLimit(limitMb: number, workers: number): number {
  return Math.min(MOST_BYTES, (limitMb * MB * TABLES) / workers)
}

export interface SpillingSetup {
  memory: KernelMemory
  groups: KernelGroups
  keys: number
  /** Bytes that the groups may take. */
  limit: number
  file: Pick<Memory, 'newFile'>
}

/** @param given of the stage: its program, how many workers it has, and where they may write */
export function spillingOf(
  groups: KernelGroups,
  given: { memory: KernelMemory; program: PartProgram; workers: number; file: Memory },
): SpillingGroups | undefined {
  const { memory, program, workers, file } = given
  if (isWrite(program)) return undefined
  const limit = program.sizes?.groupBytes ?? groupsLimit(file.limitMb, workers)
  return new SpillingGroups({ memory, groups, keys: program.by.length, limit, file })
}

export class SpillingGroups {
  readonly #setup: SpillingSetup
  #file: GroupFile | undefined
  #runs = 0

  constructor(setup: SpillingSetup) {
    this.#setup = setup
  }

  /** Some groups are on disk already. */
  get isOnDisk(): boolean {
    return this.#file !== undefined
  }

  /** To be called now and then. @throws NodeError where the disk cannot take the groups */
  check(): void {
    const { groups, limit } = this.#setup
    // One group has nothing that could wait on disk, and a table that is nearly empty nothing to give.
    if (groups.bytes > limit && groups.count > 1) this.#spill()
  }

  /** All that is held, with buffers that may go over to another thread. */
  data(): { data: PartGroups; buffers: ArrayBuffer[] } {
    const { groups } = this.#setup
    if (this.#file) {
      this.#spill()
      return { data: this.#file.data(), buffers: [] }
    }
    const data = groups.pack()
    return { data, buffers: data.chunks.map(({ bytes }) => bytes as ArrayBuffer) }
  }

  #spill(): void {
    const { memory, groups, keys, file } = this.#setup
    const shape = { aggregates: groups.functions.length, keys }
    this.#file ??= new GroupFile(file, {
      memory,
      table: groups.address,
      shape,
      by: FIRST_BITS,
      rooms: fileRooms(memory),
    })
    const run = this.#runs++
    const ranges = groups.pieces()
    for (const range of ranges) this.#file.write(run, range)
    this.#file.writeLeft(run, groups.packLeft(), ranges)
    groups.clear()
  }
}
