/** The contract of node types, checked over every one: its data, its examples in the real runtime, and its laws. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { nodeTypes } from '../engine/nodes/index.ts'
import { describe as descriptorOf, type JsonSchema } from '../engine/spec/descriptor.ts'
import type { AnyNodeType, Batch, DataRecord, ErrorRecord, Example, Fold } from '../engine/spec/node.ts'
import { virtualClock } from '../engine/runtime/clock.ts'
import { runOneNode, settle, startOneNode } from './engine/one-node.ts'
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

const modules = import.meta.glob<Record<string, AnyNodeType>>('../engine/nodes/*/*.ts', { eager: true })
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

describe('the list of node types', () => {
  test('holds exactly the nodes of the files, each named like its type in the folder of its kind', () => {
    const exported = Object.entries(modules).map(([path, module]) => ({ path, types: Object.values(module) }))
    expect(exported.filter(({ types }) => types.length !== 1)).toEqual([])
    const found = exported.map(({ types }) => types[0]!)
    expect(exported.map(({ path }) => path)).toEqual(
      found.map(({ type, kind }) => `../engine/nodes/${kind}s/${type}.ts`),
    )
    expect(new Set(nodeTypes)).toEqual(new Set(found))
    expect(nodeTypes).toHaveLength(found.length)
  })
})

describe.each(nodeTypes.map((type) => [type.type, type] as const))('%s', (name, type) => {
  const descriptor = descriptorOf(type)

  test('has a descriptor that survives JSON and structuredClone', () => {
    expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor)
    expect(structuredClone(descriptor)).toEqual(descriptor)
  })

  test('says what it is in one short sentence and documents itself', () => {
    expect(type.summary.length).toBeLessThan(80)
    expect(type.summary).toMatch(/^[A-Z][^.!?]*\.$/)
    expect(type.docs.length).toBeGreaterThan(80)
    expect(type.look.icon).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(type.examples.length).toBeGreaterThan(0)
    expect(new Set(type.examples.map(({ title }) => title)).size).toBe(type.examples.length)
  })

  test('has a title and a description for every config field and port', () => {
    const bare = fieldsOf(descriptor.config).filter(([, { title, description }]) => !title || !description)
    expect(bare).toEqual([])
    const ports = [...Object.entries(type.ports.in), ...Object.entries(type.ports.out)]
    expect(ports.filter(([, { description }]) => !description)).toEqual([])
  })

  test('names only fields of its config on its card and in its conditions', () => {
    const fields = new Map(fieldsOf(descriptor.config))
    const shown = [...type.look.face.matchAll(/\{([^}]*)\}/g)].map(([, path]) => path!)
    expect(shown.filter((path) => !fields.has(path))).toEqual([])
    const conditions = [...fields].flatMap(([path, { when = {} }]) =>
      Object.entries(when).map(([other, values]) => ({ sibling: siblingOf(path, other), values })),
    )
    expect(
      conditions.filter(({ sibling, values }) => !values.every((value) => mayBe(fields.get(sibling), value))),
    ).toEqual([])
  })

  test('is valid when freshly dropped, or tells the fields that are missing', () => {
    const parsed = type.config.safeParse({})
    const missing = parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'))
    expect(missing.sort()).toEqual([...(descriptor.config.required ?? [])].sort())
    expect(type.config.safeParse(descriptor.defaults).data).toEqual(parsed.data)
    const fields = fieldsOf(descriptor.config).map(([path]) => path)
    for (const [path, message] of Object.entries((parsed.success && type.check?.(parsed.data)) || {})) {
      expect(fields).toContain(path.replaceAll(/\.\d+(?=\.|$)/g, ''))
      expect(message).toMatch(/^\S.*[.!?…]$/)
    }
  })

  test.each(type.examples.map((example) => [example.title, example] as const))(
    'gives what its example says, and leaves its input alone: %s',
    async (_, example) => {
      const config = type.config.parse(example.config)
      expect(type.check?.(config) ?? {}).toEqual({})
      const folder = folderWith(example.files)
      const io = testIo(folder, example.stdin)
      const input = mapValues(deepFrozen(example.in ?? {}), (records) =>
        records.length > 0 ? [records] : [],
      )
      const { run, clock, out, outcome } = await runOneNode(type, { config: example.config, input, io })

      expect(outcome).toEqual({ phase: 'done' })
      const rows = run.rows(name)
      const given = rows && rows.stored > 0 ? { ...out, result: rows.slice(0, rows.stored) } : out
      expect(given).toEqual(withoutEmpty(example.out ?? {}))
      expect(io.printed.join('')).toBe(example.prints ?? '')
      for (const [path, text] of Object.entries(example.writes ?? {})) {
        expect(readFileSync(join(folder, path), 'utf8')).toBe(text)
      }
      expect(clock.now()).toBeCloseTo(example.endsAtMs ?? clock.now(), 6)
      expect(clock.pending).toBe(0)
    },
  )

  test('settles when it is stopped at any time, and leaves no timer behind', async () => {
    for (const example of type.examples) {
      for (const stopAt of [0, 1, 7, 50, 150]) {
        const io = testIo(folderWith(example.files), example.stdin)
        const input = mapValues(example.in ?? {}, (records) => endless(records))
        const clock = virtualClock()
        const { run } = startOneNode(type, { config: example.config, input, io, clock, pauseMs: 1 })
        const stopped = clock.sleep(stopAt).then(() => run.stop())
        const outcome = await clock.runUntil(run.ended)
        expect(outcome).toEqual({ phase: expect.stringMatching(/^(stopped|done)$/) })
        // No time may pass between the stop and the end.
        expect(clock.now()).toBeLessThanOrEqual(stopAt)
        await clock.runUntil(stopped)
        expect(clock.pending).toBe(0)
      }
    }
  })

  if (type.kind !== 'processor') return

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

/** Every field of a config schema by its path, list elements included: `aggregates`, `aggregates.as`. */
function foldOf(type: AnyNodeType, config: Record<string, unknown>): Fold<unknown> {
  const setup = { node: type.type, config, clock: virtualClock(), io: testIo(), memory: roomyMemory }
  return type.fold!({ ...setup, enough: () => {} })
}

function fieldsOf(schema: JsonSchema, path: string[] = []): [string, JsonSchema][] {
  const variants = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return variants.flatMap((variant) => [
    ...Object.entries(variant.properties ?? {}).flatMap(([key, property]): [string, JsonSchema][] => [
      [[...path, key].join('.'), property],
      ...fieldsOf(property, [...path, key]),
    ]),
    ...(variant.items ? fieldsOf(variant.items, path) : []),
  ])
}

/** The path of another field of the same object. */
function siblingOf(path: string, other: string): string {
  return [...path.split('.').slice(0, -1), other].join('.')
}

function mayBe(schema: JsonSchema | undefined, value: string | number | boolean): boolean {
  return schema?.enum ? schema.enum.includes(value) : schema?.type === typeof value
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

function* endless(records: DataRecord[]): Generator<Batch> {
  if (records.length > 0) for (;;) yield records
}

function folderWith(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-contract-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) deepFrozen(part)
  return Object.freeze(value)
}

function withoutEmpty(lists: Record<string, DataRecord[]>): Record<string, DataRecord[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}

function mapValues<In, Out>(
  object: Record<string, In>,
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
