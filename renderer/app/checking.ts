/** Validates the flow a moment after each edit, so that problems show while they are made. */
import { documentStore } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { baseDir } from './documents.ts'
import { getClient, subscribeClient } from '../transport/current-client.ts'
import { request } from './session.ts'

/** Rest after the last edit. */
const REST_MS = 300

/** Keeps `runStore.problems` in step with the document. */
export function startChecking(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const check = async () => {
    const { flow } = documentStore.getState()
    try {
      const { problems } = await request('check', { flow, baseDir: baseDir() })
      // That a new flow is empty can be seen; only Run has to say it.
      const shown = problems.filter(({ code }) => code !== 'empty-flow')
      if (documentStore.getState().flow === flow) runStore.getState().setProblems(shown)
    } catch {
      // The engine is away; it checks again as soon as it is back.
    }
  }
  const schedule = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), REST_MS)
  }
  documentStore.subscribe((state, old) => {
    if (state.flow !== old.flow || state.path !== old.path) schedule()
  })
  subscribeClient(() => {
    if (getClient()) schedule()
  })
  schedule()
}
