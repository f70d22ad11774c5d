/** `--set NODE.FIELD=JSON`. */
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { applySettings } from '../../../engine/flow/set.ts'
import { registry } from './sample-types.ts'

const flow: Flow = {
  weir: 1,
  name: 'T',
  nodes: {
    log: { type: 'source', config: { path: 'in-the-file.log', also: [{ path: 'b' }] } },
    'the-step': { type: 'step' },
    count: { type: 'tally', config: { key: 'old' } },
    odd: { type: 'strange' },
  },
  edges: [],
  layout: {},
}
const cwd = resolve('/somewhere')
const set = (...settings: string[]) => applySettings(flow, settings, registry, cwd)
const configOf = (id: string, ...settings: string[]) => {
  const { flow: changed, problems } = set(...settings)
  expect(problems).toEqual([])
  return changed.nodes[id]!.config
}

describe('a setting', () => {
  it('replaces a field and leaves the flow that was given unchanged', () => {
    const before = structuredClone(flow)
    expect(configOf('log', 'log.format="csv"')).toEqual({
      path: 'in-the-file.log',
      also: [{ path: 'b' }],
      format: 'csv',
    })
    expect(flow).toEqual(before)
  })

  it('of a path counts from the current folder, also deep inside', () => {
    expect(configOf('log', 'log.path="../data/a.log"')).toMatchObject({ path: resolve('/data/a.log') })
    expect(configOf('log', 'log.also.0.path="x"')).toMatchObject({ also: [{ path: resolve(cwd, 'x') }] })
    expect(configOf('log', 'log.also=[{"path":"x"},{"path":"/y"}]')).toMatchObject({
      also: [{ path: resolve(cwd, 'x') }, { path: resolve('/y') }],
    })
  })

  it('may lie inside objects and lists that are not there yet', () => {
    expect(configOf('the-step', 'the-step.limit.records=7')).toEqual({ limit: { records: 7 } })
    expect(configOf('log', 'log.also.1.path="/c"')).toMatchObject({
      also: [{ path: 'b' }, { path: resolve('/c') }],
    })
    expect(configOf('count', 'count.by.0="a"', 'count.by.1="b"')).toEqual({ by: ['a', 'b'] })
  })

  it('may hold equals signs, dots and line breaks', () => {
    expect(configOf('the-step', 'the-step.value="record.a === 1.5"')).toEqual({ value: 'record.a === 1.5' })
    expect(configOf('the-step', 'the-step.body="a"\n')).toEqual({ body: 'a' })
  })

  it('is made on settings of the present version', () => {
    expect(configOf('count', 'count.sums=[{"as":"n"}]')).toEqual({ by: ['old'], sums: [{ as: 'n' }] })
  })

  it.each([
    ['log', 'bad-shape', 'NODE.FIELD=JSON'],
    ['log.path', 'bad-shape', 'NODE.FIELD=JSON'],
    ['=1', 'bad-shape', 'NODE.FIELD=JSON'],
    ['lgo.path="x"', 'missing-node', 'Did you mean "log"?'],
    ['constructor.name="x"', 'missing-node', 'Add the node'],
    ['odd.path="x"', 'unknown-type', 'weir nodes'],
    ['log.path=access.log', 'bad-config', `--set 'log.path="access.log"'`],
    ['log.path=', 'bad-config', 'double quotes'],
    ['log.fromat="csv"', 'bad-config', 'Did you mean "format"?'],
    ['log.constructor="csv"', 'bad-config', 'The settings here are: path, format'],
    ['log.__proto__.x=1', 'bad-config', 'The settings here are'],
    ['log.path.x=1', 'bad-config', 'Set the whole value instead'],
    ['log.also.5.path="x"', 'bad-config', 'Use 1 to add one'],
    ['log.also.0.nope="x"', 'bad-config', 'The settings here are: path'],
  ])('%s is refused with a remedy, and the rest is applied', (text, code, remedy) => {
    const { flow: changed, problems } = set(text, 'log.format="csv"')
    expect(problems).toMatchObject([{ code, severity: 'error' }])
    expect(problems[0]!.remedy).toContain(remedy)
    expect(changed.nodes['log']!.config).toMatchObject({ path: 'in-the-file.log', format: 'csv' })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})
