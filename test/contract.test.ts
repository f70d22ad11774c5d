/** The contract of node types, checked over every one: its data, its examples in the real runtime, its stop. Laws: contract-laws.test.ts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { nodeTypes } from '../engine/nodes/index.ts'
import { describe as descriptorOf, type JsonSchema } from '../engine/spec/descriptor.ts'
import type { AnyNodeType } from '../engine/spec/node.ts'
import { virtualClock } from '../engine/runtime/clock.ts'
import { runOneNode, startOneNode } from './engine/one-node.ts'
import { deepFrozen, endless, mapValues, withoutEmpty } from './engine/record-lists.ts'
import { testIo } from './engine/run-flow.ts'

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
})

/** Every field of a config schema by its path, list elements included: `aggregates`, `aggregates.as`. */
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

function folderWith(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-contract-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
