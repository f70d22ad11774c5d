/** What a run does with the shares of a stage when some of them are ceded, fail or stop: it always comes to an end. */
import { describe, expect, it } from 'vitest'
import { roomyMemory } from '../roomy-memory.ts'
import type { FromPart, PartPort, ToPart } from '../../../engine/runtime/part-protocol.ts'
import type { RunOwner } from '../../../engine/runtime/runtime-node.ts'
import { SharedStage } from '../../../engine/runtime/shared-stage.ts'

/** A worker that says what the test has it say. */
class Worker implements PartPort {
  readonly heard: ToPart[] = []
  say: (message: FromPart) => void = () => {}

  postMessage(message: unknown): void {
    this.heard.push(message as ToPart)
  }
  on(_event: 'message', listener: (message: unknown) => void): void {
    this.say = listener
  }
  close(): void {}

  /** Its share is through, and it asks for another one. */
  done(): void {
    this.say({ say: 'next', came: {} })
    this.say({ say: 'want' })
  }
  fail(): void {
    const record = { reason: 'no', node: 'map', record: 1, number: 1 }
    this.say({ say: 'failed', failure: { kind: 'record', record } })
    this.say({ say: 'ended', came: {}, stopped: false })
  }
  /** Its end, as its page has told it of a stop. */
  stopped(): void {
    this.say({ say: 'ended', came: {}, stopped: true })
  }
  cede(work: string): void {
    this.say({ say: 'ceded', share: { work } })
  }
  /** The work of the shares that it was given. */
  get given(): unknown[] {
    return this.heard.flatMap((message) =>
      message.say === 'share' && message.share ? [message.share.work] : [],
    )
  }
}

/** A stage whose shares may be ceded. */
function stageOf(count: number, merges: Record<string, () => Promise<void>> = {}) {
  const workers = Array.from({ length: count }, () => new Worker())
  const failures: unknown[] = []
  const owner = {
    fail(error) {
      failures.push(error)
      stage.fail()
    },
    get failed() {
      return failures.length > 0
    },
    cutShort: () => {},
  } satisfies Partial<RunOwner> as unknown as RunOwner
  const parts = workers.map((_, at) => at)
  const shared = { stage: 0, tier: 'row' as const, nodes: ['in', 'map'], workers: count, parts }
  const stage = new SharedStage({
    shared: {
      ...shared,
      merges: Object.keys(merges),
      cedes: 1,
      encoded: [],
      leaves: [],
      copies: [],
      firsts: [],
      amount: 1,
    },
    ports: workers,
    copied: [],
    log: () => {},
    memory: () => roomyMemory,
    leaving: new Map(),
    owner,
    merge: (node) => merges[node]!(),
  })
  return { workers, failures, stage }
}

describe('shares that were ceded and wait for a worker', () => {
  it('are done in the order of the input, so that one is always there for those before a record that fails', async () => {
    const { workers, failures, stage } = stageOf(4)
    const [first, second, third, fourth] = workers as [Worker, Worker, Worker, Worker]
    const ended = stage.start()
    fourth.done()
    second.cede('end of the second')
    third.cede('end of the third')
    first.cede('end of the first')
    expect(fourth.given).toEqual(['end of the second'])
    first.done()
    // All others are behind that record, and are told to end.
    second.fail()
    expect(first.given).toEqual(['end of the first'])
    expect(failures).toEqual([])
    first.done()
    await ended
    expect(failures).toEqual([
      expect.objectContaining({ failure: expect.objectContaining({ reason: 'no' }) }),
    ])
  })

  it('are not given to a worker that was told to end, and had asked before it heard of that', async () => {
    const { workers, failures, stage } = stageOf(3)
    const [first, second, third] = workers as [Worker, Worker, Worker]
    const ended = stage.start()
    third.done()
    second.cede('end of the second')
    first.cede('end of the first')
    second.fail()
    expect(third.heard).toContainEqual({ say: 'fail' })
    third.done()
    first.done()
    expect([third.given, first.given]).toEqual([['end of the second'], ['end of the first']])
    first.done()
    await ended
    expect(failures).toHaveLength(1)
  })

  it('are given up when a stop is heard behind the end of all workers', async () => {
    const { workers, stage } = stageOf(3)
    const [first, second, third] = workers as [Worker, Worker, Worker]
    const ended = stage.start()
    third.done()
    first.cede('end of the first')
    second.cede('end of the second')
    for (const worker of workers) worker.stopped()
    await new Promise((resolve) => setImmediate(resolve))
    stage.stop()
    await ended
    expect(third.heard.at(-1)).toEqual({ say: 'over' })
  })
})

it('a merge that cannot even begin fails the run, and not what waits for the stage', async () => {
  const { workers, failures, stage } = stageOf(2, { group: () => Promise.reject(new Error('no code')) })
  const ended = stage.start()
  for (const worker of workers) worker.say({ say: 'ended', came: {}, stopped: false })
  await ended
  expect(failures).toEqual([new Error('no code')])
  expect(workers[0]!.heard.at(-1)).toEqual({ say: 'fail' })
})
