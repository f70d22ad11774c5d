/** Backups of unsaved work, at most one a second, and the offer to take it up again after a crash. */
import { documentStore, isDirty } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { ask, sentenceOf } from './ask.ts'
import { presentRecovered } from './documents.ts'
import { request, theShell } from './session.ts'

const REST_MS = 1000

export function startBackups(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let told = false
  const write = async () => {
    timer = undefined
    const state = documentStore.getState()
    if (!isDirty(state)) return
    try {
      const { text } = await request('format', { flow: state.flow })
      // Saved or replaced meanwhile: the backup would bring back what is gone.
      if (documentStore.getState().flow !== state.flow || !isDirty(documentStore.getState())) return
      await theShell().writeBackup({ path: state.path, name: state.flow.name, text })
      told = false
    } catch (error) {
      if (!told) viewStore.getState().notify(`No backup could be written: ${sentenceOf(error)}`, 'error')
      told = true
    }
  }
  documentStore.subscribe((state, old) => {
    if (state.flow === old.flow && state.savedFlow === old.savedFlow) return
    if (isDirty(state)) timer ??= setTimeout(() => void write(), REST_MS)
    else if (isDirty(old)) {
      clearTimeout(timer)
      timer = undefined
      void theShell().clearBackup()
    }
  })
}

/** Asks what to do with flows that were not saved. True where one of them is now the document. */
export async function offerRecovery(): Promise<boolean> {
  const flows = await theShell().recover()
  if (flows.length === 0) return false
  const answer = await ask({ kind: 'recover', flows })
  if (answer === null) return false
  if (answer === 'discard') {
    await Promise.all(flows.map(({ id }) => theShell().discardRecovered(id)))
    return false
  }
  const chosen = flows.find(({ id }) => id === answer)
  if (!chosen || !(await presentRecovered(chosen))) return false
  await theShell().discardRecovered(chosen.id)
  return true
}
