/** Nothing selected: the flow as a whole, and what to do next. */
import { useMemo } from 'react'
import { count } from '../app/numbers.ts'
import { Keys } from '../app/keys.tsx'
import { useDocument, useRun } from '../app/use-stores.ts'
import { runCommand } from '../commands/commands.ts'
import { viewStore } from '../stores/view.ts'
import { RunSettings } from './run-settings.tsx'

const HINTS: [keys: string, does: string][] = [
  ['N', 'add a node'],
  ['Mod+K', 'all commands'],
  ['Mod+Enter', 'run'],
  ['1', 'fit the flow'],
  ['?', 'all keys'],
]

export function FlowInspector() {
  const flow = useDocument((state) => state.flow)
  const descriptors = useRun((state) => state.descriptors)
  const problems = useRun((state) => state.problems)
  const kinds = useMemo(() => {
    const all = Object.values(flow.nodes).map((node) => descriptors.get(node.type)?.kind)
    const of = (kind: string) => all.filter((other) => other === kind).length
    return { generators: of('generator'), processors: of('processor'), consumers: of('consumer') }
  }, [flow, descriptors])
  const empty = Object.keys(flow.nodes).length === 0
  return (
    <div className="inspector">
      <header className="inspector-head">
        <div className="inspector-title">
          <h2>{flow.name}</h2>
        </div>
        <p>{empty ? 'an empty flow' : 'Select a node or an edge to see its settings.'}</p>
      </header>
      <div className="tab-content">
        {!empty && (
          <dl className="facts">
            {Object.entries(kinds).map(([kind, number]) => (
              <div key={kind}>
                <dt>{kind}</dt>
                <dd>{number}</dd>
              </div>
            ))}
            <div>
              <dt>edges</dt>
              <dd>{flow.edges.length}</dd>
            </div>
            <div>
              <dt>problems</dt>
              <dd>
                {problems.length === 0 ? (
                  'none'
                ) : (
                  <button
                    type="button"
                    className="link"
                    onClick={() => viewStore.getState().setDockTab('problems')}
                  >
                    {problems.length}
                  </button>
                )}
              </dd>
            </div>
          </dl>
        )}
        {!empty && <RunSettings />}
        {empty && (
          <button type="button" className="button wide" onClick={() => runCommand('file.example')}>
            Open an example…
          </button>
        )}
        <dl className="hints" aria-label="Keys">
          {HINTS.map(([keys, does]) => (
            <div key={keys}>
              <dt>{does}</dt>
              <dd>
                <Keys keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
        {!empty && <p className="visually-hidden">{count(Object.keys(flow.nodes).length, 'node')}</p>}
      </div>
    </div>
  )
}
