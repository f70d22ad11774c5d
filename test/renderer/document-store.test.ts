// The document store: what is one undo step, and what keeps its identity.
import { beforeEach, describe, expect, it } from 'vitest'
import { documentStore, emptyFlow, isDirty, redo, undo } from '../../renderer/stores/document.ts'

const store = () => documentStore.getState()
const config = () => store().flow.nodes['filter']?.config
const steps = () => documentStore.temporal.getState().pastStates.length

beforeEach(() => {
  store().load(
    {
      ...emptyFlow('Test'),
      nodes: {
        log: { type: 'file' },
        filter: { type: 'filter', config: { condition: 'true' } },
        out: { type: 'table' },
      },
      edges: [
        { from: 'log.out', to: 'filter.in' },
        { from: 'filter.kept', to: 'out.in' },
      ],
      layout: { log: [0, 0], filter: [200, 0], out: [400, 0] },
    },
    null,
    null,
  )
})

describe('editing a setting', () => {
  it('takes keystrokes in one field as one step', () => {
    for (const text of ['r', 're', 'rec']) store().setConfig('filter', 'condition', text)
    expect(steps()).toBe(1)
    undo()
    expect(config()).toEqual({ condition: 'true' })
    redo()
    expect(config()).toEqual({ condition: 'rec' })
  })

  it('starts a new step in another field, after leaving the field, and after an undo', () => {
    store().setConfig('filter', 'condition', 'a')
    store().setConfig('out', 'limit', 5)
    store().setConfig('out', 'limit', 50)
    expect(steps()).toBe(2)
    store().endTyping()
    store().setConfig('out', 'limit', 500)
    expect(steps()).toBe(3)
    undo()
    store().setConfig('out', 'limit', 7)
    expect(steps()).toBe(3)
    undo()
    expect(store().flow.nodes['out']?.config).toEqual({ limit: 50 })
  })

  it('keeps the identity of every other node', () => {
    const { log, out } = store().flow.nodes
    store().setConfig('filter', 'condition', 'a')
    expect(store().flow.nodes['log']).toBe(log)
    expect(store().flow.nodes['out']).toBe(out)
  })

  it('removes the key with undefined, so that the default counts again', () => {
    store().setConfig('filter', 'condition', undefined)
    expect(config()).toEqual({})
  })
})

describe('the whole', () => {
  it('is clean again when undo comes back to what was saved', () => {
    store().setName('Other')
    expect(isDirty(store())).toBe(true)
    undo()
    expect(isDirty(store())).toBe(false)
  })

  it('stays dirty for edits made while a save was under way', () => {
    const saving = store().flow
    store().setName('Later')
    store().markSaved(saving, '/flows/a.weir.json', 1)
    expect(isDirty(store())).toBe(true)
  })

  it('is renamed everywhere with a node', () => {
    expect(store().renameNode('filter', 'served')).toBe(true)
    expect(store().flow.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'log.out served.in',
      'served.kept out.in',
    ])
    expect(store().flow.layout['served']).toEqual([200, 0])
    expect(store().renameNode('served', 'out')).toBe(false)
    expect(store().renameNode('served', '1st')).toBe(false)
  })
})

it('settings of a run are part of the flow, one undo step for each, and go with their last value', () => {
  store().load({ weir: 1, name: 'A', nodes: {}, edges: [], layout: {} }, null, null)
  store().setRun('workers', 2)
  store().setRun('workers', 12)
  store().endTyping()
  store().setRun('memoryMb', 512)
  expect(store().flow.run).toEqual({ workers: 12, memoryMb: 512 })
  undo()
  expect(store().flow.run).toEqual({ workers: 12 })
  undo()
  expect(Object.hasOwn(store().flow, 'run')).toBe(false)
  redo()
  expect(store().flow.run).toEqual({ workers: 12 })
  store().setRun('workers', undefined)
  expect(Object.hasOwn(store().flow, 'run')).toBe(false)
})

it('settings of a run that this version does not know are kept', () => {
  store().load({ weir: 1, name: 'A', run: { later: true }, nodes: {}, edges: [], layout: {} }, null, null)
  store().setRun('workers', 2)
  store().setRun('workers', undefined)
  expect(store().flow.run).toEqual({ later: true })
})
