/** Offers flows that were not saved when the studio last went away. */
import type { Recovered } from '../shell/shell.ts'
import { Modal } from './modal.tsx'

export function RecoverDialog({ flows, answer }: { flows: Recovered[]; answer(id: string | null): void }) {
  return (
    <Modal title="Take up where you left off?" onClose={() => answer(null)}>
      <p className="modal-text">
        {flows.length === 1 ? 'This flow was' : 'These flows were'} not saved when Weir was closed.
      </p>
      <ul className="choices">
        {flows.map(({ id, name, path, savedAt }, index) => (
          <li key={id}>
            <button type="button" autoFocus={index === 0} onClick={() => answer(id)}>
              <b>{name}</b>
              <span>{path ?? 'never saved'}</span>
              <time dateTime={new Date(savedAt).toISOString()}>{new Date(savedAt).toLocaleString()}</time>
            </button>
          </li>
        ))}
      </ul>
      <div className="modal-buttons">
        <button type="button" className="button danger" onClick={() => answer('discard')}>
          Discard {flows.length === 1 ? 'it' : 'all'}
        </button>
        <button type="button" className="button" onClick={() => answer(null)}>
          Not now
        </button>
      </div>
    </Modal>
  )
}
