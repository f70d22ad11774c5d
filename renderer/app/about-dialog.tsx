/** What this is and which version. */
import { useStore } from 'zustand'
import { Modal } from './modal.tsx'
import { sessionStore, theShell } from './session.ts'
import { useDocument, useRun } from './use-stores.ts'

export function AboutDialog({ onClose }: { onClose: () => void }) {
  const version = useStore(sessionStore, (state) => state.version)
  const types = useRun((state) => state.descriptors.size)
  const format = useDocument((state) => state.flow.weir)
  return (
    <Modal title="Weir" onClose={onClose}>
      <p className="modal-text">A visual data-flow studio: wire nodes, press Run, watch the records move.</p>
      <dl className="facts">
        <div>
          <dt>version</dt>
          <dd>{version || 'engine not connected'}</dd>
        </div>
        <div>
          <dt>runs in</dt>
          <dd>{theShell().kind === 'desktop' ? 'the desktop app' : 'the browser'}</dd>
        </div>
        <div>
          <dt>node types</dt>
          <dd>{types}</dd>
        </div>
        <div>
          <dt>file format</dt>
          <dd>weir {format}</dd>
        </div>
      </dl>
      <div className="modal-buttons">
        <button type="button" className="button" autoFocus onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  )
}
