/** Starts one worker's share of one stage, in whichever tier the plan says. */
import type { Place } from '../spec/division.ts'
import type { Tier } from '../host/protocol.ts'
import type { Batch } from '../spec/node.ts'
import { RunMemory } from '../spill/run-memory.ts'
import { memoryHolders } from './memory-holders.ts'
import { PartAside } from './part-aside.ts'
import { PartAnew } from './part-anew.ts'
import type { PartPort } from './part-protocol.ts'
import { PartServer } from './part-server.ts'
import type { PartSetup, PartWork } from './part-work.ts'
import { tierWork } from './tier-work.ts'

const ASKED = { none: 'none', turns: 'early', between: 'late', ceded: 'late', rest: 'rest' } as const

export interface ShareSetup {
  tier: Tier
  /** The memory of the whole run, and the threads that it is divided among. */
  memoryMb: number
  threads: number
  /** The first share. */
  share: unknown
  /**
   * Where there may be more of them: `turns`, known before this one is through; `between`, done only while the run's thread
   * has nothing else to do; `ceded`, cut off others; `rest`, those of workers that could not hold what each has a copy of.
   */
  more: 'none' | 'turns' | 'between' | 'ceded' | 'rest'
  /** Which part of the stage it is. */
  place: Place
  port: PartPort
}

export interface Share {
  /** Settles when the share is done, or has been given up; never rejects. */
  readonly ended: Promise<void>
  stop(): void
  tap(edge: string, limit: number): Batch | undefined
}

export function startShare(setup: PartSetup, given: ShareSetup): Share {
  const { flow, plan, registry, io } = setup
  const memory = new RunMemory({
    limitMb: given.memoryMb,
    holders: memoryHolders(plan, flow, registry),
    workers: given.threads,
    guard: (path) => io.guard(path),
  })
  let work: PartWork | undefined
  let server: PartServer | undefined
  let stopped = false
  const run = async () => {
    try {
      // It may come to do the shares of all.
      const alone = given.more === 'rest' ? copiesTo(setup) : []
      const make = () =>
        tierWork(given.tier).part(setup, (node) => memory.share(node, alone.includes(node) ? 1 : undefined))
      work = given.more === 'ceded' ? new PartAnew(make) : await make()
    } catch (error) {
      work = failing(error)
    }
    server = new PartServer(work, given.port, given.place, {
      close: () => memory.close(),
      isStopAsked: () => setup.meters.isStopAsked,
      // Where workers take small shares in turn, the bytes of a later one wait in its thread.
      ...(given.more !== 'turns' &&
        given.more !== 'between' && {
          aside: new PartAside(() => memory.folder()),
        }),
    })
    if (stopped) server.stop()
    await server.run(given.share, ASKED[given.more])
  }
  return {
    ended: run(),
    stop() {
      stopped = true
      server?.stop()
    },
    tap: (edge, limit) => work?.tap(edge, limit),
  }
}

/** The nodes that hold what each part has a copy of. */
function copiesTo({ plan, copies }: PartSetup): string[] {
  return plan.edges.filter(({ id }) => copies.includes(id)).map(({ to }) => to.node)
}

/** Stands for work that could not even be begun. */
function failing(error: unknown): PartWork {
  const nothing = () => {}
  return {
    run: () => Promise.reject(error instanceof Error ? error : new Error(String(error))),
    stop: nothing,
    fail: nothing,
    left: nothing,
    tap: () => undefined,
    came: () => ({}),
  }
}
