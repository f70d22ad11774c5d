/** The one place where questions to the person are shown, one after another. */
import { useStore } from 'zustand'
import { AboutDialog } from './about-dialog.tsx'
import { askStore } from './ask.ts'
import type { Question } from './ask.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import { ExamplesDialog } from './examples-dialog.tsx'
import { Modal } from './modal.tsx'
import { RecoverDialog } from './recover-dialog.tsx'

export function Questions() {
  const pending = useStore(askStore, (state) => state.queue[0])
  if (!pending) return null
  const { question, answer } = pending
  switch (question.kind) {
    case 'choice':
      return <ChoiceDialog question={question} answer={answer} />
    case 'consent':
      return <ConsentDialog code={question.code} answer={answer} />
    case 'recover':
      return <RecoverDialog flows={question.flows} answer={answer} />
    case 'examples':
      return <ExamplesDialog onClose={() => answer(null)} />
    case 'about':
      return <AboutDialog onClose={() => answer(null)} />
  }
}

interface ChoiceProps {
  question: Extract<Question, { kind: 'choice' }>
  answer(id: string | null): void
}

function ChoiceDialog({ question, answer }: ChoiceProps) {
  return (
    <Modal title={question.title} onClose={() => answer(null)}>
      <p className="modal-text">{question.text}</p>
      {question.details && question.details.length > 0 && (
        <ul className="modal-details">
          {question.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      <div className="modal-buttons">
        {question.choices.map(({ id, label, tone }) => (
          <button
            key={id}
            type="button"
            className={`button ${tone === 'main' ? 'fill' : tone === 'danger' ? 'danger' : ''}`}
            autoFocus={tone === 'main'}
            onClick={() => answer(id)}
          >
            {label}
          </button>
        ))}
      </div>
    </Modal>
  )
}
