/** Asks before code that came with a file runs: it can do what the person can. */
import type { CodeSnippet } from '../../engine/host/protocol.ts'
import { Modal } from './modal.tsx'
import { count } from './numbers.ts'
import { useDocument } from './use-stores.ts'

export function ConsentDialog({ code, answer }: { code: CodeSnippet[]; answer(id: string | null): void }) {
  const nodes = useDocument((state) => state.flow.nodes)
  return (
    <Modal title="Run the code in this flow?" size="wide" onClose={() => answer(null)}>
      <p className="modal-text">
        {count(code.length, 'piece')} of JavaScript came with this file. It can read and change whatever you
        can on this machine. Run it only if you trust where the file came from.
      </p>
      <ul className="snippets" tabIndex={0} aria-label="The code">
        {code.map(({ node, field, source }) => (
          <li key={`${node}.${field}`}>
            <h3>
              {nodes[node]?.title ?? node} <span>{field}</span>
            </h3>
            <pre>
              <code>{source}</code>
            </pre>
          </li>
        ))}
      </ul>
      <div className="modal-buttons">
        <button type="button" className="button" autoFocus onClick={() => answer(null)}>
          Don't run
        </button>
        <button type="button" className="button fill" onClick={() => answer('run')}>
          Run it
        </button>
      </div>
    </Modal>
  )
}
