/** Runs the fold of a node by itself, over little memory, in one part or in several as workers make them. */
import { deserialize, serialize } from 'node:v8'
import { virtualClock } from '../../../engine/runtime/clock.ts'
import type { AnyNodeType, DataRecord, Fold, Memory } from '../../../engine/spec/node.ts'
import { testIo } from '../run-flow.ts'

export interface FoldRun {
  config: Record<string, unknown>
  /** The records of each part. */
  parts: readonly (readonly DataRecord[])[]
  memory: Memory
  /** Whether states travel as to another thread. */
  packed?: boolean
}

/** What leaves by `out`; records that fail are left out. */
export function outputOf(
  type: AnyNodeType,
  { config, parts, memory, packed = false }: FoldRun,
): DataRecord[] {
  const setup = { node: type.type, clock: virtualClock(), io: testIo(), memory, enough: () => {} }
  const fold: Fold<unknown> = type.fold!({
    ...setup,
    config: type.config.parse(config) as Record<string, unknown>,
  })
  const states = parts.map((records) => {
    const state = fold.init()
    for (const record of records) {
      try {
        fold.add(state, record)
      } catch (error) {
        if ((error as Error).name === 'NodeError') throw error
      }
    }
    return packed ? fold.unpack!(deserialize(serialize(fold.pack!(state)))) : state
  })
  const state = states.slice(1).reduce((a, b) => fold.merge(a, b), states[0] ?? fold.init())
  for (const _ of fold.settle?.(state) ?? []);
  return [...fold.finish(state)]
}
