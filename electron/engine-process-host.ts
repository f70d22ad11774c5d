/** Owns the engine process: starts it, connects pages to it, starts it again after a crash, stops it. */
import { debuglog } from 'node:util'
import { app, MessageChannelMain, utilityProcess } from 'electron'
import type { MessagePortMain, UtilityProcess } from 'electron'
import type { EngineStatus } from '../renderer/shell/shell.ts'
import { CallError } from './call-error.ts'
import type { EngineProcessOptions, FromEngineProcess, ToEngineProcess } from './engine-messages.ts'
import { RestartPolicy } from './restart-policy.ts'

/** Shown with NODE_DEBUG=weir. */
const debug = debuglog('weir')

/** The name in process lists and crash reports. */
export const SERVICE_NAME = 'weir-engine'
/** How long the engine may take to close its outputs when the app quits. */
const STOP_MS = 2000

export class EngineProcessHost {
  readonly #entry: string
  readonly #options: EngineProcessOptions
  readonly #tell: (status: EngineStatus) => void
  readonly #policy = new RestartPolicy()
  #child: UtilityProcess | null = null
  #status: EngineStatus = { state: 'connecting' }
  #waiting: (() => void)[] = []
  #restart: NodeJS.Timeout | undefined
  #stopping = false

  constructor(entry: string, options: EngineProcessOptions, tell: (status: EngineStatus) => void) {
    this.#entry = entry
    this.#options = options
    this.#tell = tell
  }

  get status(): EngineStatus {
    return this.#status
  }

  /** After the app is ready. */
  start(): void {
    const child = utilityProcess.fork(this.#entry, [JSON.stringify(this.#options)], {
      serviceName: SERVICE_NAME,
      stdio: 'inherit',
    })
    this.#child = child
    let lastWords = ''
    const noteCrash = (_event: unknown, details: Electron.Details) => {
      if (details.type === 'Utility' && details.name === SERVICE_NAME)
        lastWords ||= CRASH_REASONS[details.reason] ?? ''
    }
    app.on('child-process-gone', noteCrash)
    child.on('message', (message: FromEngineProcess) => {
      if (message.type === 'ready') this.#ready()
      else if (message.type === 'clients') debug('engine clients: %d', message.count)
      else lastWords = message.reason
    })
    child.once('exit', (code) => {
      // `child-process-gone` may come just after.
      setImmediate(() => {
        app.off('child-process-gone', noteCrash)
        if (this.#child === child) this.#gone(lastWords || `exit code ${code}`)
      })
    })
  }

  /**
   * A port to the engine, for one page. Waits while the engine starts.
   * @throws CallError once it was given up
   */
  async connect(): Promise<MessagePortMain> {
    while (this.#status.state !== 'ready') {
      if (this.#status.state === 'gone') {
        throw new CallError('failed', this.#status.reason, 'Restart the engine, or save and restart Weir.')
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    const { port1, port2 } = new MessageChannelMain()
    this.#send({ type: 'client' }, [port1])
    return port2
  }

  /** Another try after it was given up; nothing otherwise. */
  restart(): void {
    if (this.#status.state !== 'gone') return
    this.#policy.forgive()
    this.#setStatus({ state: 'connecting' })
    this.start()
  }

  /** Asks, waits 2 s, kills. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#restart)
    const child = this.#child
    if (!child) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    this.#send({ type: 'stop' })
    const deadline = setTimeout(() => child.kill(), STOP_MS)
    await gone
    clearTimeout(deadline)
  }

  #ready(): void {
    this.#setStatus({ state: 'ready' })
  }

  #gone(reason: string): void {
    this.#child = null
    if (this.#stopping) return
    const restartInMs = this.#policy.crashed(Date.now())
    console.error(`The engine stopped unexpectedly: ${reason}`)
    if (restartInMs === null) {
      const text = `The engine stopped three times within a minute and was not started again. The last time: ${reason}.`
      return this.#setStatus({ state: 'gone', reason: text })
    }
    this.#setStatus({ state: 'crashed', reason: `The engine stopped unexpectedly: ${reason}.`, restartInMs })
    this.#restart = setTimeout(() => this.start(), restartInMs)
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status
    debug('engine: %s', status.state)
    this.#tell(status)
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  #send(message: ToEngineProcess, ports: MessagePortMain[] = []): void {
    this.#child?.postMessage(message, ports)
  }
}

const CRASH_REASONS: Record<string, string> = {
  crashed: 'it crashed',
  killed: 'it was killed',
  oom: 'it ran out of memory',
  'launch-failed': 'it could not be started',
  'integrity-failure': 'its files were changed',
  'abnormal-exit': '',
}
