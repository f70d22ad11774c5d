/** Several things selected: how many, and what can be done with all of them. */
import { isEnabled } from '../commands/command.ts'
import { commandOf } from '../commands/commands.ts'
import { count } from '../app/numbers.ts'
import { Keys } from '../app/keys.tsx'

const ACTIONS = ['edit.tidy', 'edit.duplicate', 'view.fit-selection', 'edit.delete']

export function ManyInspector({ nodes, edges }: { nodes: number; edges: number }) {
  const parts = [nodes > 0 && count(nodes, 'node'), edges > 0 && count(edges, 'edge')].filter(
    (part) => part !== false,
  )
  return (
    <div className="inspector">
      <header className="inspector-head">
        <div className="inspector-title">
          <h2>{parts.join(' and ')}</h2>
        </div>
        <p>selected</p>
      </header>
      <div className="tab-content">
        <ul className="actions">
          {ACTIONS.map(commandOf)
            .filter(isEnabled)
            .map((command) => (
              <li key={command.id}>
                <button type="button" className="button wide" onClick={() => command.run()}>
                  {command.label}
                  {command.keys?.[0] && <Keys keys={command.keys[0]} />}
                </button>
              </li>
            ))}
        </ul>
      </div>
    </div>
  )
}
