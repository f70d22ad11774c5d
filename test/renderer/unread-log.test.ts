/** What a run warns of stays unread until somebody looks at the log, or the next run begins. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { LogLine, RunState } from '../../engine/host/protocol.ts'
import { runStore } from '../../renderer/stores/run.ts'

const line = (level: LogLine['level'], text: string): LogLine => ({ time: 0, level, text })
const run = (runId: string): RunState => ({
  runId,
  phase: 'running',
  name: 'Flow',
  startedAt: 0,
  plan: { nodes: [], edges: [], stages: [] },
  tables: [],
})
const unread = () => runStore.getState().unread.map(({ text }) => text)

describe('the unread log', () => {
  beforeEach(() => {
    runStore.getState().clearLog()
    runStore.getState().setRun(run('a'))
  })

  it('has warnings and errors, and not what nodes print', () => {
    runStore.getState().addLog([line('info', 'Started'), line('warning', 'slow'), line('output', 'text')])
    runStore.getState().addLog([line('error', 'bad')])
    expect(unread()).toEqual(['slow', 'bad'])
  })

  it('is read with the log, whose lines stay', () => {
    runStore.getState().addLog([line('warning', 'slow')])
    runStore.getState().readLog()
    expect(unread()).toEqual([])
    expect(runStore.getState().log).toHaveLength(1)
  })

  it('is of the newest run', () => {
    runStore.getState().addLog([line('warning', 'slow')])
    runStore.getState().setRun({ ...run('a'), phase: 'stopped' })
    expect(unread()).toEqual(['slow'])
    runStore.getState().setRun(run('b'))
    expect(unread()).toEqual([])
  })
})
