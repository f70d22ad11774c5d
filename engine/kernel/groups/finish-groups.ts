/** What a part sends of its groups at the end: the top of those that are its own where they can be told, else all it holds. */
import type { Pacer } from '../../runtime/pacer.ts'
import type { PartOutput } from '../../runtime/part-work.ts'
import type { DataRecord } from '../../spec/node.ts'
import { exchangeGroups } from './exchange-groups.ts'
import { GroupReader } from './group-reader.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { lastNode, type KernelProgram, type KernelTop } from '../program.ts'
import type { PartGroups, SpillingGroups } from './spilling-groups.ts'
import { TopGroups, type TopOfPart } from './top-groups.ts'

/** What the parts of a stage send to be merged. */
export type PartState = PartGroups | TopOfPart

/** Records of the group that are made to be looked at, where a top behind it wants only a few. */
const SHOWN = 100
/** Others get a turn after so many groups. */
const PAUSE_AFTER = 4096

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
  if (mine) return out.state(lastNode(program), await topOf(setup, mine.top, mine.isOwn))
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
}: FinishSetup): Promise<{ top: KernelTop; isOwn: (group: number) => boolean } | undefined> {
  const { top, by } = program
  const { exchange } = out
  // Without a top all groups become records in the run's thread, which takes longer than to merge them there.
  if (!top || by.length === 0) return undefined
  if (exchange.parts === 1) return spilling.isOnDisk ? undefined : { top, isOwn: () => true }
  out.through()
  const setup = { memory, groups, keys: by.length, exchange, node: program.nodes.at(-1)! }
  const isOwn = await exchangeGroups(setup, !spilling.isOnDisk)
  return isOwn && { top, isOwn }
}

async function topOf(
  { program, memory, groups, pacer }: FinishSetup,
  top: KernelTop,
  isOwn: (group: number) => boolean,
): Promise<TopOfPart> {
  const best = new TopGroups(top)
  const reader = new GroupReader(memory, groups, program)
  const take = best.taker(reader)
  const shown: number[] = []
  let count = 0
  let looked = 0
  for (const group of reader.all()) {
    if (++looked % PAUSE_AFTER === 0) await pacer.due(performance.now())
    if (!isOwn(group)) continue
    take(group, reader.numberOf(group))
    shown[count++ % SHOWN] = group
  }
  return { top: best.candidates(), count, shown: lastRecords(reader, shown) }
}

/** Records of some groups, in their order. */
export function lastRecords(reader: GroupReader, groups: readonly number[]): DataRecord[] {
  return groups.toSorted((a, b) => a - b).map((group) => reader.record(group))
}
