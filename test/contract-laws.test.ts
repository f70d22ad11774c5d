/** The laws that processors promise, checked over every one in the real runtime, on random records and random batches. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeTypes } from '../engine/nodes/index.ts'
import type { AnyNodeType, Batch, DataRecord, ErrorRecord, Example, Fold } from '../engine/spec/node.ts'
import { virtualClock } from '../engine/runtime/clock.ts'
import { runOneNode, settle, startOneNode } from './engine/one-node.ts'
import { endless, mapValues } from './engine/record-lists.ts'
import { metersOf, testIo } from './engine/run-flow.ts'
import { roomyMemory } from './engine/roomy-memory.ts'

type AnyExample = Example<Record<string, unknown>>

/** The same random data every time: a failure can be looked at again. */
const RANDOM = { seed: 20150517, numRuns: 15 }
/** Values that some user will feed to some node. */
const ODD_RECORDS: DataRecord[] = [
  null,
  undefined,
  0,
  -0,
  NaN,
  1e300,
  'text',
  '',
  true,
  [1, 'two'],
  {},
  { a: 1 },
]
const processors = nodeTypes.filter(({ kind }) => kind === 'processor')

describe.each(processors.map((type) => [type.type, type] as const))('%s', (name, type) => {
  const { stateless, ordered, conserves, holds } = type.laws
  const recordsOf = (example: AnyExample) =>
    fc.array(fc.constantFrom(...(example.in?.['in'] ?? []), ...ODD_RECORDS))

  test('gives the same whatever the batches and the queues', async () => {
    await overExamples(async (example, records, cuts) => {
      const whole = await outputOf(type, example, [records])
      expect(await outputOf(type, example, split(records, cuts))).toEqual(whole)
      expect(await outputOf(type, example, split(records, cuts), 3)).toEqual(whole)
    })
  })

  test.runIf(conserves)('gives every record on one port, once', async () => {
    await overExamples(async (example, records, cuts) => {
      const out = await outputOf(type, example, split(records, cuts))
      expect(Object.values(out).flat()).toHaveLength(records.length)
    })
  })

  test.runIf(stateless)('treats every record as if it were alone', async () => {
    await overExamples(async (example, records) => {
      const alone: Record<string, DataRecord[]> = {}
      for (const record of records) {
        const out = await outputOf(type, example, [[record]])
        for (const port of Object.keys(out)) (alone[port] ??= []).push(...out[port]!)
      }
      expect(unnumbered(await outputOf(type, example, [records]))).toEqual(unnumbered(alone))
    }, 5)
  })

  test.runIf(ordered)(
    'gives for the first records what it gives for all of them, as far as it goes',
    async () => {
      await overExamples(async (example, records, cuts) => {
        const whole = await outputOf(type, example, [records])
        const part = await outputOf(type, example, [records.slice(0, cuts[0] ?? 0)])
        for (const [port, some] of Object.entries(part))
          expect(whole[port]?.slice(0, some.length)).toEqual(some)
      })
    },
  )

  test.runIf(type.eachSource)('does in a compiled loop what it does as a function', async () => {
    await overExamples(async (example, records, cuts) => {
      const looped = await outputOf(type, example, split(records, cuts))
      // Which config field is at fault is the runtime's to add.
      const error = looped['error']?.map((failure) => ({ ...(failure as ErrorRecord), field: undefined }))
      expect({ ...looped, ...(error && { error }) }).toEqual(calledOutputOf(type, example, records))
    })
  })

  test.runIf(type.fold)('merges partial states into what one state gives', () => {
    for (const example of type.examples) {
      const config = type.config.parse(example.config)
      const fold = foldOf(type, config)
      const property = fc.property(recordsOf(example), fc.array(fc.nat(40)), (records, cuts) => {
        const states = [[], ...split(records, cuts), []].map((part) => stateOf(fold, part))
        const merged = states.reduce((a, b) => fold.merge(a, b))
        expect([...fold.finish(merged)]).toEqual([...fold.finish(stateOf(fold, records))])
      })
      fc.assert(property, { ...RANDOM, numRuns: 60 })
    }
  })

  test.runIf(type.fold)('says truly whether workers can divide what it holds by key', () => {
    for (const example of type.examples) {
      const config = type.config.parse(example.config)
      expect(foldOf(type, config).keyed !== undefined).toBe(type.keyed?.(config) ?? false)
    }
  })

  test.runIf(type.laws.packs)('gives the same where its states come from other threads', () => {
    for (const example of type.examples) {
      const config = type.config.parse(example.config)
      const fold = foldOf(type, config)
      const travelled = (state: unknown) => fold.unpack!(structuredClone(fold.pack!(state)))
      const property = fc.property(recordsOf(example), fc.array(fc.nat(40)), (records, cuts) => {
        const states = [[], ...split(records, cuts), []].map((part) => travelled(stateOf(fold, part)))
        const merged = states.reduce((a, b) => fold.merge(a, b))
        expect([...fold.finish(merged)]).toEqual([...fold.finish(stateOf(fold, records))])
      })
      fc.assert(property, { ...RANDOM, numRuns: 60 })
    }
  })

  test.runIf(holds !== undefined && holds !== 'all')(
    'holds back no more than it says while its reader stalls',
    async () => {
      const capacity = 50
      const size = 10
      const example = type.examples.find((one) => (one.in?.['in']?.length ?? 0) > 0)!
      const record = example.in!['in']![0]!
      let open = () => {}
      const gate = new Promise<void>((resolve) => (open = resolve))
      const input = { in: endless(Array.from({ length: size }, () => record)) }
      const { run } = startOneNode(type, { config: example.config, input, capacity, gate: () => gate })

      try {
        await settle()
        const taken = metersOf(run, name).get('in')
        const made = metersOf(run, 'from-test-in').get('out')
        // What the queue behind it holds, the batch that its reader has in hand, and its own.
        expect(taken).toBeLessThanOrEqual(capacity + size * (2 + (holds as number)))
        expect(made - taken).toBeLessThanOrEqual(capacity + 2 * size)
        await settle()
        expect(metersOf(run, 'from-test-in').get('out')).toBe(made)
      } finally {
        // An endless source must not outlive a failed test.
        run.stop()
        open()
      }
      expect(['stopped', 'done']).toContain((await run.ended).phase)
    },
  )

  /** Checks a property for each example's config, on random records and random places to cut them. */
  async function overExamples(
    check: (example: AnyExample, records: DataRecord[], cuts: number[]) => Promise<void>,
    numRuns = RANDOM.numRuns,
  ): Promise<void> {
    for (const example of type.examples) {
      const property = fc.asyncProperty(
        recordsOf(example),
        fc.array(fc.nat(12), { maxLength: 4 }),
        (records, cuts) => check(example, records, cuts),
      )
      await fc.assert(property, { ...RANDOM, numRuns })
    }
  }
})

/** The fold of a node, which nobody tells that it has enough. */
function foldOf(type: AnyNodeType, config: Record<string, unknown>): Fold<unknown> {
  const setup = { node: type.type, config, clock: virtualClock(), io: testIo(), memory: roomyMemory }
  return type.fold!({ ...setup, enough: () => {} })
}

async function outputOf(
  type: AnyNodeType,
  example: AnyExample,
  batches: Batch[],
  capacity?: number,
): Promise<Record<string, DataRecord[]>> {
  const input = { in: batches.filter((batch) => batch.length > 0) }
  const { out, outcome } = await runOneNode(type, { config: example.config, input, capacity })
  expect(outcome).toEqual({ phase: 'done' })
  return out
}

/** What its function gives, called record by record. */
function calledOutputOf(
  type: AnyNodeType,
  example: AnyExample,
  records: DataRecord[],
): Record<string, DataRecord[]> {
  const out: Record<string, DataRecord[]> = {}
  const config = type.config.parse(example.config)
  const each = type.each!({
    node: type.type,
    config,
    clock: virtualClock(),
    io: testIo(),
    memory: roomyMemory,
    enough: () => {},
  })
  const emit = mapValues(
    type.ports.out,
    (_, port) => (record: DataRecord) => void (out[port] ??= []).push(record),
  )
  records.forEach((record, index) => {
    try {
      each(record, emit)
    } catch (error) {
      const failure = { reason: (error as Error).message, node: type.type, record, number: index + 1 }
      ;(out['error'] ??= []).push(failure)
    }
  })
  return out
}

/** Cuts records into batches of the given lengths, over and over; none gives one batch. */
function split(records: DataRecord[], lengths: number[]): Batch[] {
  const sizes = lengths.filter((length) => length > 0)
  if (sizes.length === 0) return [records]
  const batches: Batch[] = []
  for (let from = 0, turn = 0; from < records.length; turn++) {
    const to = from + sizes[turn % sizes.length]!
    batches.push(records.slice(from, to))
    from = to
  }
  return batches
}

/** A state that has seen the records; those that it refuses are left out, as the runtime does. */
function stateOf(fold: Fold<unknown>, records: Batch): unknown {
  const state = fold.init()
  for (const record of records) {
    try {
      fold.add(state, record)
    } catch {
      continue
    }
  }
  return state
}

/** Error records without their position. */
function unnumbered(out: Record<string, DataRecord[]>): Record<string, DataRecord[]> {
  return mapValues(out, (records, port) =>
    port === 'error' ? records.map((record) => ({ ...(record as object), number: 0 })) : records,
  )
}
