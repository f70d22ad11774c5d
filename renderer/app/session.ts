/** The connection to the engine: connects, says hello, hands events to the stores, connects again after a crash. */
import { createStore } from 'zustand/vanilla'
import { PROTOCOL_VERSION } from '../../engine/host/protocol.ts'
import type { Params, Replies, RequestName, RunState } from '../../engine/host/protocol.ts'
import type { EngineStatus, Shell } from '../shell/shell.ts'
import { live } from '../stores/live.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { connectClient, RequestError } from '../transport/client.ts'
import { claimClientId } from '../transport/client-id.ts'
import { getClient, setClient } from '../transport/current-client.ts'

export interface SessionState {
  shell: Shell | null
  /** Version of the engine; '' before the first hello. */
  version: string
  /** Folder that paths of an unsaved flow count from. */
  root: string
  /** What a run takes where the flow does not say; null before the first hello. */
  usual: Replies['hello']['usual'] | null
  /** Why the engine went away the last time, until someone has read it. */
  crash: string | null
}

export const sessionStore = createStore<SessionState>()(() => ({
  shell: null,
  version: '',
  root: '/',
  usual: null,
  crash: null,
}))

/** The shell; only called once the app has started. */
export function theShell(): Shell {
  const { shell } = sessionStore.getState()
  if (!shell) throw new Error('The studio was used before it started.')
  return shell
}

/** A request to the engine. @throws RequestError, also while the engine is away */
export function request<Name extends RequestName>(name: Name, params: Params<Name>): Promise<Replies[Name]> {
  const client = getClient()
  if (client) return client.request(name, params)
  return Promise.reject(
    new RequestError('disconnected', 'The engine is not connected.', 'Wait until it is back.'),
  )
}

/** Makes this run the present one; its live numbers start anew where it is another run. */
export function adoptRun(run: RunState): void {
  const known = runStore.getState().run
  if (known?.runId !== run.runId) live.reset(run.plan)
  // A late event must not bring an ended run back to life.
  else if (!isRunning(known) && isRunning(run)) return
  runStore.getState().setRun(run)
}

/** Connects for the first time and stays connected from then on. Resolves with the first hello's reply. */
export async function startSession(shell: Shell): Promise<Replies['hello']> {
  sessionStore.setState({ shell })
  shell.onEngineStatus((status) => {
    runStore.getState().setEngine(status)
    if (status.state !== 'crashed') return
    sessionStore.setState({ crash: status.reason })
    // In the browser only the connection broke, perhaps; the next hello tells whether the run is still there.
    if (shell.kind === 'desktop') failPresentRun()
  })
  return await connectWithPatience(shell)
}

/** Tries until it works. Where the shell has given up, waits until somebody asks it to try again. */
async function connectWithPatience(shell: Shell): Promise<Replies['hello']> {
  for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await connectOnce(shell)
    } catch (error) {
      if (runStore.getState().engine.state === 'gone') await engineLeaves('gone')
      else {
        console.warn(error)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }
}

function engineLeaves(state: EngineStatus['state']): Promise<void> {
  return new Promise((resolve) => {
    const stop = runStore.subscribe(({ engine }) => {
      if (engine.state === state) return
      stop()
      resolve()
    })
  })
}

async function connectOnce(shell: Shell): Promise<Replies['hello']> {
  const client = connectClient(await shell.connect())
  client.on('frame', (frame) => {
    const ack = () => void client.request('ack', { seq: frame.seq }).catch(ignoreClosed)
    if (frame.runId === runStore.getState().run?.runId) live.push(frame, ack)
    else ack()
  })
  client.on('run', adoptRun)
  client.on('log', ({ lines }) => runStore.getState().addLog(lines))
  const hello = await client.request('hello', { protocol: PROTOCOL_VERSION, clientId: await clientId() })
  client.onClose(() => {
    if (getClient() !== client) return
    setClient(null)
    void connectWithPatience(shell)
  })
  runStore.getState().setDescriptors(hello.descriptors)
  runStore.getState().setEngine({ state: 'ready' })
  sessionStore.setState({ version: hello.version, root: hello.root, usual: hello.usual })
  // A connection that only broke finds its run again; a new engine knows nothing of it.
  if (hello.run) adoptRun(hello.run)
  else failPresentRun()
  // The server is another's business: a connection that is back needs no word.
  if (shell.kind === 'web') sessionStore.setState({ crash: null })
  setClient(client)
  return hello
}

/** A run that was going when the engine went away did not survive. */
function failPresentRun(): void {
  const { run, setRun, setStarting } = runStore.getState()
  setStarting(false)
  if (!run || !isRunning(run)) return
  setRun({
    ...run,
    phase: 'failed',
    endedAt: Date.now(),
    error: {
      code: 'crashed',
      message: sessionStore.getState().crash ?? 'The engine went away during the run.',
      remedy: 'It is started again by itself; then press Run.',
      at: {},
    },
  })
}

let ownId: Promise<string> | undefined

/** One id per window, claimed at the first connection. */
function clientId(): Promise<string> {
  ownId ??= claimClientId({ storage: sessionStorage, locks: navigator.locks })
  return ownId
}

/** An acknowledgement that found no engine needs no answer: the next connection starts its frames anew. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof RequestError)) throw error
}
