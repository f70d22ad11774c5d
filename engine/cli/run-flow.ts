/** What `weir run` does: one run of a flow with everything around it. Loaded when the command is given. */
import { hasErrors } from '../flow/problem.ts'
import { jsonLine } from '../formats/record-text.ts'
import type { LogLine, Tier } from '../host/protocol.ts'
import { planRun, startRun } from '../host/run-host.ts'
import { limitsFor } from '../host/usual-limits.ts'
import type { RunHandle, RunLimits, RunOptions } from '../host/run-host.ts'
import type { Batch } from '../spec/node.ts'
import { createRegistry } from '../spec/registry.ts'
import { nodeTypes } from '../nodes/index.ts'
import { EXIT, SIGNAL_EXITS, UsageError } from './exit-codes.ts'
import type { EndingSignal } from './exit-codes.ts'
import { filesOf } from './explain-files.ts'
import { explainPlan } from './explain.ts'
import type { ExplainedPlan } from './explain.ts'
import { loadFlow } from './load-flow.ts'
import type { LoadedFlow } from './load-flow.ts'
import { showProgressLate } from './late-progress.ts'
import { places } from './places.ts'
import { failureText, problemLines } from './problem-lines.ts'
import type { ProgressDisplay } from './progress-display.ts'
import { chooseResult } from './result-choice.ts'
import { onSignals } from './signals.ts'
import type { Terminal } from './terminal.ts'

export interface RunArguments {
  set: string[]
  /** Id of a table; false where none is wanted. */
  result?: string | false
  /** True: they are written out. False: there are none. */
  meters?: boolean
  workers?: number
  /** MB. */
  memory?: number
  tier?: Tier
  explain?: boolean
  /** Only with explain. */
  json?: boolean
  quiet?: boolean
}

/** Runs the flow and returns the exit status. */
export async function runFlow(path: string, options: RunArguments, terminal: Terminal): Promise<number> {
  if (options.json && !options.explain) {
    throw new UsageError(
      '--json belongs to --explain.',
      'Give both, or leave it out: results are JSON anyway.',
    )
  }
  const registry = createRegistry(nodeTypes)
  const loaded = loadFlow({ path, settings: options.set, registry, cwd: terminal.cwd })
  if (!options.quiet || hasErrors(loaded.problems)) terminal.err.write(problemLines(loaded.problems))
  if (!loaded.flow || hasErrors(loaded.problems)) return EXIT.usage
  if (options.explain) {
    await terminal.out.write(await explained({ ...loaded, flow: loaded.flow }, options))
    return EXIT.ok
  }
  const result = chooseResult(loaded.flow, options.result)
  return new FlowRun({ ...loaded, flow: loaded.flow }, result, options, terminal).toEnd()
}

/** How the flow would be run, as text or as JSON. */
async function explained(
  { flow, baseDir }: LoadedFlow & { flow: RunOptions['flow'] },
  options: RunArguments,
): Promise<string> {
  const limits = limitsOf(options)
  const explained: ExplainedPlan = {
    name: flow.name,
    ...limitsFor(flow, limits),
    ...planRun({ flow, baseDir, ...limits }),
    files: await filesOf(flow, baseDir, createRegistry(nodeTypes)),
  }
  return options.json ? `${JSON.stringify(explained, null, 2)}\n` : explainPlan(explained)
}

function limitsOf({ workers, memory, meters, tier }: RunArguments): RunLimits {
  return {
    ...(workers !== undefined && { workers }),
    ...(memory !== undefined && { memoryMb: memory }),
    ...(meters !== undefined && { meters }),
    ...(tier !== undefined && { tier }),
  }
}

/** One run with everything around it: output, progress, signals. */
class FlowRun {
  readonly #handle: RunHandle
  readonly #terminal: Terminal
  readonly #options: RunArguments
  #display: ProgressDisplay | undefined
  #signal: EndingSignal | undefined
  #unwritable: string | undefined
  #rows = 0

  constructor(
    loaded: LoadedFlow & { flow: RunOptions['flow'] },
    result: string | undefined,
    options: RunArguments,
    terminal: Terminal,
  ) {
    this.#terminal = terminal
    this.#options = options
    const reads = Object.values(loaded.flow.nodes).some((node) => node.type === 'stdin')
    this.#handle = startRun({
      flow: loaded.flow,
      baseDir: loaded.baseDir,
      workerUrl: places().workerUrl,
      ...limitsOf(options),
      // Touched only when wanted: an open standard input keeps a terminal waiting.
      ...(reads && { stdin: process.stdin }),
      print: (text) => this.#write(text),
      ...(result !== undefined && {
        stream: { node: result, rows: (batch) => this.#writeRows(batch, result) },
      }),
      // What code in the flow writes to its console comes here, too.
      log: (lines) => {
        const shown = lines.filter(({ level }) => level === 'error' || !options.quiet)
        for (const line of shown) this.#say(`${logText(line)}\n`)
      },
    })
  }

  async toEnd(): Promise<number> {
    const { out, err } = this.#terminal
    const stopListening = onSignals((signal) => {
      this.#signal = signal
      if (!this.#options.quiet)
        this.#say('Stopping. Once more ends it at once, with outputs left as they are.\n')
      void this.#handle.stop()
      out.release()
    })
    out.onGone(() => void this.#handle.stop())
    const source = { plan: this.#handle.state.plan, frame: () => this.#handle.frame() }
    this.#display = showProgressLate(source, err, this.#options)

    const state = await this.#handle.ended
    this.#display?.end()
    stopListening()
    await out.flush()
    if (state.error) err.write(failureText(state.error))
    const trouble =
      this.#unwritable ?? (out.error && `error: Standard output cannot be written: ${out.error.message}.\n`)
    if (trouble) err.write(trouble)
    await this.#handle.dispose()

    if (state.phase === 'failed' || trouble) return EXIT.failed
    if (state.phase === 'stopped' && this.#signal) return SIGNAL_EXITS[this.#signal]
    return EXIT.ok
  }

  #writeRows(batch: Batch, node: string): void | Promise<void> {
    if (this.#unwritable !== undefined) return
    let text = ''
    for (const record of batch) {
      this.#rows++
      try {
        text += `${jsonLine(record)}\n`
      } catch (error) {
        this.#unwritable =
          `error ${node}, record ${this.#rows}: ${(error as Error).message}\n` +
          '  Make JSON of it with a map before the table, or run with --no-result.\n'
        void this.#handle.stop()
        break
      }
    }
    return this.#write(text)
  }

  /** To standard output, with the table out of the way where both are one screen. */
  #write(text: string): void | Promise<void> {
    if (this.#terminal.out.stream.isTTY) this.#display?.clear()
    return this.#terminal.out.write(text)
  }

  #say(text: string): void {
    this.#display?.clear()
    this.#terminal.err.write(text)
  }
}

function logText({ level, node, text }: LogLine): string {
  const name = level === 'info' || level === 'output' ? '' : level
  const from = [name, node].filter(Boolean).join(' ')
  return from === '' ? text : `${from}: ${text}`
}
