/** Goes over the groups of a table in the kernel, and gives only those that may be among the top. */
import {
  AGG_COUNTS,
  AGG_SUM,
  GROUP_STATES,
  PICK_BOUND,
  PICK_BUCKET,
  PICK_BUCKETS,
  PICK_BYTES,
  PICK_COUNT,
  PICK_FOUND,
  PICK_IS_SUM,
  PICK_LAST,
  PICK_LIST,
  PICK_ROOM,
  PICK_SHOWN,
  PICK_SIDE,
  PICK_STATE,
  SIDE_ABOVE,
  SIDE_ANY,
  SIDE_BELOW,
  STATE_BYTES,
} from '../layout.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import type { KernelProgram, KernelTop } from '../program.ts'
import type { OwnGroups } from './exchange-groups.ts'
import { packedHash } from './group-bytes.ts'
import type { KernelGroups } from './kernel-groups.ts'

/** Groups that are given at once. */
const ROOM = 4096

export interface PickerSetup {
  memory: KernelMemory
  groups: KernelGroups
  program: Pick<KernelProgram, 'aggregates'>
  top: KernelTop
  /** Absent: all of the table. */
  own: OwnGroups | undefined
}

export class GroupPicker {
  readonly #memory: KernelMemory
  readonly #groups: KernelGroups
  readonly #pick: number
  /** The side of a bound on which the top is; any where the kernel does not know what to compare. */
  readonly #side: number

  /** The memory may grow here, and not while groups are picked. */
  constructor({ memory, groups, program, top, own }: PickerSetup) {
    this.#memory = memory
    this.#groups = groups
    const pick = memory.allocate(PICK_BYTES)
    this.#pick = pick
    memory.put(pick + PICK_LIST, memory.allocate(ROOM * 4))
    memory.put(pick + PICK_ROOM, ROOM)
    memory.put(pick + PICK_LAST, memory.allocate(PICK_SHOWN * 4))
    memory.put(pick + PICK_BUCKETS, own ? packedHash(own.by) : 0)
    memory.put(pick + PICK_BUCKET, own?.bucket ?? 0)
    const at = program.aggregates.findIndex(({ as }) => as === top.by)
    const fn = program.aggregates[at]?.fn
    memory.put(pick + PICK_STATE, GROUP_STATES + STATE_BYTES * Math.max(0, at))
    memory.put(pick + PICK_IS_SUM, fn === AGG_SUM ? 1 : 0)
    // What JavaScript holds beside a sum is added to it.
    const isKnown = fn === AGG_COUNTS || (fn === AGG_SUM && groups.states.size === 0)
    this.#side = isKnown ? (top.order === 'desc' ? SIDE_ABOVE : SIDE_BELOW) : SIDE_ANY
  }

  /** Of this part's own groups, how many there were so far. */
  get count(): number {
    return this.#memory.get(this.#pick + PICK_COUNT)
  }

  /**
   * Goes over the groups in [from, to) until the list is full. Returns where it stopped.
   * @param bound beyond which a number is not among the top
   */
  pick(from: number, to: number, bound: number | undefined): number {
    const [memory, pick] = [this.#memory, this.#pick]
    memory.f64[(pick + PICK_BOUND) >>> 3] = bound ?? 0
    memory.put(pick + PICK_SIDE, bound === undefined ? SIDE_ANY : this.#side)
    return memory.kernel.exports.pickGroups(this.#groups.address, from, to, pick) >>> 0
  }

  /** Addresses of the groups that the last call has found. */
  found(): Uint32Array {
    return this.#list(PICK_LIST, this.#memory.get(this.#pick + PICK_FOUND))
  }

  /** Addresses of the last groups of this part, at most PICK_SHOWN, in no order. */
  last(): number[] {
    return [...this.#list(PICK_LAST, Math.min(this.count, PICK_SHOWN))]
  }

  #list(field: number, length: number): Uint32Array {
    const at = this.#memory.get(this.#pick + field) >>> 2
    return this.#memory.u32.subarray(at, at + length)
  }
}
