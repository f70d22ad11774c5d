/** `weir check`, `nodes`, `schema` and `--help` as child processes. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import type { NodeDescriptor } from '../../../engine/spec/descriptor.ts'
import { temporaryFolder, weir } from './weir.ts'
import type { Folder } from './weir.ts'

let folder: Folder
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const call = (...args: string[]) => weir(args, folder.path)

test('check finds nothing wrong with a flow that is right', async () => {
  const flow = await folder.flow({ n: { type: 'range' }, t: { type: 'table' } })
  expect(await call('check', flow)).toMatchObject({ status: 0, out: `${flow}: no problems\n`, err: '' })
  expect(JSON.parse((await call('check', flow, '--json')).out)).toEqual({ ok: true, problems: [] })
})

test('check says each problem and how many, as text and as JSON', async () => {
  const flow = await folder.flow({ n: { type: 'range', config: { step: 0 } }, t: { type: 'tabel' } })
  const text = await call('check', flow)
  expect(text.status).toBe(2)
  expect(text.out).toMatch(/^error n\.step: /m)
  expect(text.out).toMatch(/: \d+ errors/)
  const { ok, problems } = JSON.parse((await call('check', flow, '--json')).out) as {
    ok: boolean
    problems: { code: string; at: object; remedy: string }[]
  }
  expect(ok).toBe(false)
  expect(problems.map(({ code }) => code)).toContain('unknown-type')
  expect(problems.every(({ remedy }) => remedy !== '')).toBe(true)
})

test('check takes settings into account', async () => {
  const flow = await folder.flow({ n: { type: 'range', config: { step: 0 } }, t: { type: 'table' } })
  expect((await call('check', flow, '--set', 'n.step=1')).status).toBe(0)
})

test('nodes lists every type with its summary', async () => {
  const { status, out } = await call('nodes')
  expect(status).toBe(0)
  const lines = out.split('\n').map((line) => line.trim().split(/ {2,}/))
  for (const { type, summary } of nodeTypes) expect(lines).toContainEqual([type, summary])
  const descriptors = JSON.parse((await call('nodes', '--json')).out) as NodeDescriptor[]
  expect(descriptors.map(({ type }) => type)).toEqual(nodeTypes.map(({ type }) => type))
})

test('nodes TYPE shows docs, ports, settings with defaults, and examples', async () => {
  const { status, out } = await call('nodes', 'range')
  expect(status).toBe(0)
  expect(out).toContain('range – Range (generator)')
  expect(out).toMatch(/^ {2}from +The first number\. \(number, default 1\)$/m)
  expect(out).toMatch(/^ {2}pauseMs +Wait between two numbers/m)
  expect(out).toContain('out out')
  expect(out).toContain('Counting down')
  expect(JSON.parse((await call('nodes', 'range', '--json')).out)).toMatchObject({
    type: 'range',
    kind: 'generator',
  })
})

test('nodes with a type that is misspelt names the right one', async () => {
  const { status, err } = await call('nodes', 'rnage')
  expect(status).toBe(2)
  expect(err).toContain('Did you mean "range"?')
})

test('schema prints a JSON Schema with the settings of every node', async () => {
  const { status, out } = await call('schema')
  expect(status).toBe(0)
  const schema = JSON.parse(out) as { $schema: string; $defs: object }
  expect(schema.$schema).toContain('json-schema.org')
  expect(Object.keys(schema.$defs)).toEqual(
    expect.arrayContaining(nodeTypes.map(({ type }) => `config-${type}`)),
  )
})

test('help goes to standard output and is no mistake, its absence is one', async () => {
  const help = await call('--help')
  expect(help).toMatchObject({ status: 0, err: '' })
  for (const command of ['run', 'check', 'nodes', 'schema', 'serve'])
    expect(help.out).toContain(`  ${command} `)
  expect(await call()).toMatchObject({ status: 2, out: '' })
  expect((await call('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
