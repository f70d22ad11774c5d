/** What a part sends of its groups at the end: the top of those that are its own where they can be told, else all it holds. */
import type { Pacer } from '../../runtime/pacer.ts'
import type { PartOutput } from '../../runtime/part-work.ts'
import type { DataRecord } from '../../spec/node.ts'
import { exchangeGroups, type OwnGroups } from './exchange-groups.ts'
import { GroupPicker } from './group-picker.ts'
import { GroupReader } from './group-reader.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { lastNode, type KernelProgram, type KernelTop } from '../program.ts'
import type { PartGroups, SpillingGroups } from './spilling-groups.ts'
import { TopGroups, type TopOfPart } from './top-groups.ts'

/** What the parts of a stage send to be merged. */
export type PartState = PartGroups | TopOfPart

export interface FinishSetup {
  program: KernelProgram
  memory: KernelMemory
  groups: KernelGroups
  spilling: SpillingGroups
  out: PartOutput
  pacer: Pacer
}

/** @throws NodeError where the disk cannot take what is laid there */
export async function finishGroups(setup: FinishSetup): Promise<void> {
  const { program, spilling, out } = setup
  const mine = await ownGroups(setup)
  if (out.exchange.isVoid) return
  if (mine) return out.state(lastNode(program), await topOf(setup, mine.top, mine.own))
  const { data, buffers } = spilling.data()
  out.state(lastNode(program), data, buffers)
}

/** How the groups are told that no other part has, where only the top of them is wanted. */
async function ownGroups({
  program,
  memory,
  groups,
  spilling,
  out,
}: FinishSetup): Promise<{ top: KernelTop; own?: OwnGroups } | undefined> {
  const { top, by } = program
  const { exchange } = out
  // Without a top all groups become records in the run's thread, which takes longer than to merge them there.
  if (!top || by.length === 0) return undefined
  if (exchange.parts === 1) return spilling.isOnDisk ? undefined : { top }
  out.through()
  const setup = { memory, groups, keys: by.length, exchange, node: program.nodes.at(-1)! }
  const own = await exchangeGroups(setup, !spilling.isOnDisk)
  return own && { top, own }
}

async function topOf(
  { program, memory, groups, pacer }: FinishSetup,
  top: KernelTop,
  own: OwnGroups | undefined,
): Promise<TopOfPart> {
  const best = new TopGroups(top)
  const picker = new GroupPicker({ memory, groups, program, top, own })
  const reader = new GroupReader(memory, groups, program)
  const take = best.taker(reader)
  for (const { from, to } of groups.chunks()) {
    for (let at = from; at < to;) {
      at = picker.pick(at, to, best.bound)
      for (const group of picker.found()) take(group, reader.numberOf(group))
      const turn = pacer.due(performance.now())
      if (turn) await turn
    }
  }
  return { top: best.candidates(), count: picker.count, shown: lastRecords(reader, picker.last()) }
}

/** Records of some groups, in their order. */
export function lastRecords(reader: GroupReader, groups: readonly number[]): DataRecord[] {
  return groups.toSorted((a, b) => a - b).map((group) => reader.record(group))
}
