/** Run and stop: checks first, asks before code from elsewhere runs, tells what keeps a flow from running. */
import type { CodeSnippet, Flow, Problem } from '../../engine/host/protocol.ts'
import { documentStore } from '../stores/document.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { ask, sentenceOf } from './ask.ts'
import { getClient } from '../transport/current-client.ts'
import { baseDir } from './documents.ts'
import { count } from './numbers.ts'
import { markTyped, ownSources } from './own-code.ts'
import { adoptRun, request, sessionStore } from './session.ts'

const { notify } = viewStore.getState()

let ran: Flow | null = null

/** The flow as it was when the present run started here; null after a reload. */
export function flowOfRun(): Flow | null {
  return ran
}

export async function run(): Promise<void> {
  const { starting, run: present, setStarting } = runStore.getState()
  if (starting || isRunning(present)) return
  if (!getClient()) return notify('The engine is not ready yet; it is being started.', 'error')
  documentStore.getState().endTyping()
  setStarting(true)
  try {
    await start()
  } catch (error) {
    notify(`The run did not start: ${sentenceOf(error)}`, 'error')
  } finally {
    setStarting(false)
  }
}

async function start(): Promise<void> {
  const { flow } = documentStore.getState()
  const where = { flow, baseDir: baseDir() }
  const { problems } = await request('check', where)
  runStore.getState().setProblems(problems)
  if (problems.some(isError)) return refuse(problems)

  // At most twice: consent changes the second answer, nothing else may.
  for (let consented = false; ; consented = true) {
    const reply = await request('start', { ...where, own: ownSources(flow) })
    if (reply.ok) {
      sessionStore.setState({ crash: null })
      runStore.getState().clearLog()
      ran = flow
      adoptRun(reply.run)
      return
    }
    if (reply.why === 'problems') {
      runStore.getState().setProblems(reply.problems)
      return refuse(reply.problems)
    }
    if (consented || !(await consent(reply.code))) return
  }
}

async function consent(code: CodeSnippet[]): Promise<boolean> {
  if ((await ask({ kind: 'consent', code })) !== 'run') return false
  const sources = [...new Set(code.map(({ source }) => source))]
  try {
    await request('trust', { sources })
  } catch (error) {
    // The answer still counts for this window; only the next one has to ask again.
    notify(sentenceOf(error), 'error')
    sources.forEach(markTyped)
  }
  return true
}

function refuse(problems: readonly Problem[]): void {
  const errors = problems.filter(isError)
  const [first] = errors
  viewStore.getState().setDockTab('problems')
  if (errors.length === 1 && first) notify(`${first.message} ${first.remedy}`, 'error')
  else notify(`${count(errors.length, 'problem')} keep the flow from running.`, 'error')
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error'
}

export async function stop(): Promise<void> {
  const { run: present } = runStore.getState()
  if (!present || !isRunning(present)) return
  try {
    await request('stop', { runId: present.runId })
  } catch (error) {
    notify(`The run could not be stopped: ${sentenceOf(error)}`, 'error')
  }
}
