/** Every case is whole: its flow is one that Weir runs, its bars and scripts name what is there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateFlow } from '../../engine/flow/validate.ts'
import { nodeTypes } from '../../engine/nodes/index.ts'
import { createRegistry } from '../../engine/spec/registry.ts'
import type { BenchCase, Scene } from './cases/case.ts'
import { CASES } from './cases/index.ts'
import type { Command } from './peers/command.ts'

const registry = createRegistry(nodeTypes)

/** Where a command's own file is, for those that have one. */
function scriptOf(command: Command): string | undefined {
  switch (command.peer) {
    case 'polars':
      return join('polars', command.script)
    case 'node':
      return join('node-streams', command.script)
    case 'node-red':
      return join('node-red', command.flow)
    case 'benthos':
      return join('benthos', command.config)
    default:
      return undefined
  }
}

const sceneOf = (benchCase: BenchCase): Scene => ({
  records: 1000,
  data: (id) => {
    if (!benchCase.data.includes(id)) throw new Error(`${benchCase.id} does not name ${id} as its data`)
    return `/data/${id}`
  },
  out: '/data/out',
})

describe('cases', () => {
  it('have names of their own', () => {
    const ids = CASES.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  // A format that the build lacks is a problem of the flow, and the case is not measured.
  const runnable = CASES.filter(({ needs }) => needs?.fileFormat === undefined)
  it.each(runnable.map((benchCase) => [benchCase.id, benchCase] as const))(
    '%s has a flow without problems',
    (_, benchCase) => {
      expect(validateFlow(benchCase.flow(sceneOf(benchCase)), registry)).toEqual([])
    },
  )

  it.each(CASES.map((benchCase) => [benchCase.id, benchCase] as const))(
    '%s races Weir first, against others that exist',
    (_, benchCase) => {
      const contenders = benchCase.kind === 'race' ? benchCase.contenders : []
      const ids = contenders.map(({ id }) => id)
      expect(ids.slice(0, 1)).toEqual(benchCase.kind === 'race' ? ['weir'] : [])
      expect(new Set(ids).size).toBe(ids.length)
      const rivals = benchCase.bars.flatMap((bar) => ('than' in bar ? [bar.than] : []))
      expect(rivals.filter((id) => !ids.includes(id))).toEqual([])
      const scripts = contenders.flatMap((contender) => scriptOf(contender.command(sceneOf(benchCase))) ?? [])
      expect(scripts.filter((script) => !existsSync(join(import.meta.dirname, script)))).toEqual([])
    },
  )
})
