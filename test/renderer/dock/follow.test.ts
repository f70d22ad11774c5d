/** The dock follows selection and runs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunPhase, RunState } from '../../../engine/host/protocol.ts'
import { followTables } from '../../../renderer/dock/follow.ts'
import { runStore } from '../../../renderer/stores/run.ts'
import { viewStore } from '../../../renderer/stores/view.ts'

function run(phase: RunPhase, tables: string[]): RunState {
  return {
    runId: 'r1',
    phase,
    name: 'Flow',
    startedAt: 0,
    plan: { nodes: [], edges: [], stages: [] },
    tables,
  }
}

describe('the dock', () => {
  let stop = () => {}
  beforeEach(() => {
    viewStore.setState({ nodes: [], edges: [], inspect: null, dockTab: 'log', reveal: null })
    runStore.setState({ run: null })
    stop = followTables()
  })
  afterEach(() => stop())

  test('shows the rows of a table node that is selected', () => {
    runStore.getState().setRun(run('running', ['out', 'other']))
    viewStore.getState().select(['out'])
    expect(viewStore.getState()).toMatchObject({ inspect: { kind: 'table', id: 'out' }, dockTab: 'records' })
  })

  test('shows the table that was selected before the run began', () => {
    viewStore.getState().select(['out'])
    expect(viewStore.getState().inspect).toBeNull()
    runStore.getState().setRun(run('running', ['out', 'other']))
    expect(viewStore.getState().inspect).toEqual({ kind: 'table', id: 'out' })
  })

  test('stays on the problems when a click there selects a table node', () => {
    runStore.getState().setRun(run('done', ['out']))
    viewStore.getState().setDockTab('problems')
    viewStore.getState().goTo('out', 'limit')
    expect(viewStore.getState()).toMatchObject({ dockTab: 'problems', inspect: { kind: 'table', id: 'out' } })
  })

  test('shows the only table when the run ends', () => {
    runStore.getState().setRun(run('running', ['out']))
    expect(viewStore.getState().inspect).toBeNull()
    runStore.getState().setRun(run('done', ['out']))
    expect(viewStore.getState()).toMatchObject({ inspect: { kind: 'table', id: 'out' }, dockTab: 'records' })
  })

  test('catches up with what happened while it was folded', () => {
    stop()
    runStore.getState().setRun(run('done', ['out', 'other']))
    viewStore.getState().select(['other'])
    stop = followTables()
    expect(viewStore.getState()).toMatchObject({ inspect: { kind: 'table', id: 'other' }, dockTab: 'log' })
  })

  test.each([
    ['of two tables it cannot choose', ['a', 'b'], {}, 'done'],
    ['somebody looks at an edge', ['a'], { edges: ['x.out->y.in'] }, 'done'],
    ['the run failed', ['a'], {}, 'failed'],
  ] as const)('shows none at the end where %s', (_, tables, view, phase) => {
    viewStore.setState(view)
    runStore.getState().setRun(run('running', [...tables]))
    runStore.getState().setRun(run(phase, [...tables]))
    expect(viewStore.getState()).toMatchObject({ inspect: null, dockTab: 'log' })
  })
})
