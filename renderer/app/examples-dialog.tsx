/** Flows to learn from; each opens as a copy. */
import { useEffect, useState } from 'react'
import { sentenceOf } from './ask.ts'
import { Modal } from './modal.tsx'
import { theShell } from './session.ts'
import { studio } from './studio.ts'

type Example = Awaited<ReturnType<ReturnType<typeof theShell>['examples']>>[number]

export function ExamplesDialog({ onClose }: { onClose: () => void }) {
  const [examples, setExamples] = useState<Example[] | null>(null)
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    theShell()
      .examples()
      .then(setExamples, (error: unknown) => setTrouble(sentenceOf(error)))
  }, [])
  return (
    <Modal title="Open an example" onClose={onClose}>
      {trouble !== '' && <p className="modal-text">The examples could not be listed. {trouble}</p>}
      {examples?.length === 0 && <p className="modal-text">This installation has no examples.</p>}
      <ul className="choices">
        {examples?.map(({ name, path, summary }, index) => (
          <li key={path}>
            <button
              type="button"
              autoFocus={index === 0}
              onClick={() => {
                onClose()
                void studio.openExample(path)
              }}
            >
              <b>{name}</b>
              <span>{summary}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="modal-buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Modal>
  )
}
