/** Questions to the person: an action asks and awaits the answer, one dialog shows them in turn. */
import { createStore } from 'zustand/vanilla'
import type { CodeSnippet } from '../../engine/host/protocol.ts'
import type { Recovered } from '../shell/shell.ts'

export interface Choice {
  id: string
  label: string
  /** `main` is the filled button and what Enter does; `danger` loses something. */
  tone?: 'main' | 'danger'
}

export type Question =
  | { kind: 'choice'; title: string; text: string; details?: string[]; choices: Choice[] }
  | { kind: 'consent'; code: CodeSnippet[] }
  | { kind: 'recover'; flows: Recovered[] }
  | { kind: 'about' }
  | { kind: 'examples' }

interface Pending {
  question: Question
  /** null: closed without an answer. */
  answer(id: string | null): void
}

/** The question on the screen, then those that wait. */
export const askStore = createStore<{ queue: readonly Pending[] }>()(() => ({ queue: [] }))

/** Resolves with the id of the choice; null where the dialog was closed. */
export function ask(question: Question): Promise<string | null> {
  return new Promise((resolve) => {
    const pending: Pending = {
      question,
      answer(id) {
        askStore.setState(({ queue }) => ({ queue: queue.filter((other) => other !== pending) }))
        resolve(id)
      },
    }
    askStore.setState(({ queue }) => ({ queue: [...queue, pending] }))
  })
}

/** Tells about a failure that has nothing to choose. */
export async function tell(title: string, text: string, details?: string[]): Promise<void> {
  await ask({ kind: 'choice', title, text, details, choices: [{ id: 'ok', label: 'Close', tone: 'main' }] })
}

/** What an error says, with its remedy where it has one. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : ''
  return remedy ? `${error.message} ${remedy}` : error.message
}
