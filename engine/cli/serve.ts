/** What `weir serve` does. Loaded when the command is given: a server is no part of a run. */
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { AccessError } from '../host/access-error.ts'
import { createEngineHost } from '../host/engine-host.ts'
import { createFileAccess, isWithin } from '../host/file-access.ts'
import { startServer } from '../host/server.ts'
import { EXIT, UsageError } from './exit-codes.ts'
import { openBrowser } from './open-browser.ts'
import { places } from './places.ts'
import { onSignals } from './signals.ts'
import type { Terminal } from './terminal.ts'

export interface ServeArguments {
  port?: number
  root?: string
  open?: boolean
}

/** Serves until a signal ends it; returns the exit status. */
export async function serve(
  flow: string | undefined,
  options: ServeArguments,
  terminal: Terminal,
): Promise<number> {
  const { version, workerUrl, rendererDir, examplesDir } = places()
  const open = flow === undefined ? undefined : await existingFile(flow, terminal.cwd)
  try {
    const files = await createFileAccess(rootFor(open, options.root, terminal.cwd), [examplesDir])
    const host = createEngineHost({
      workerUrl,
      trustFile: join(envPaths('weir', { suffix: '' }).config, 'trusted.json'),
      examplesDir,
      version,
      files,
      ...(open !== undefined && { open }),
    })
    const server = await startServer({
      root: files.root,
      rendererDir,
      examplesDir,
      accept: (port) => host.accept(port),
      ...(options.port !== undefined && { port: options.port }),
    })
    const ended = new Promise<void>((resolve) => onSignals(() => resolve()))
    await terminal.out.write(`Weir is at ${server.url}\n`)
    terminal.err.write(
      `Files of ${files.root}. The address holds a key: whoever has it can run flows as you. Ctrl-C ends.\n`,
    )
    if (options.open) openBrowser(server.url, (message) => terminal.err.write(`${message}\n`))
    await ended
    // First the runs, so that outputs are closed and clients hear of it; then the clients.
    await host.close()
    await server.close()
    return EXIT.ok
  } catch (error) {
    if (error instanceof AccessError) throw new UsageError(error.message, error.remedy)
    throw error
  }
}

async function existingFile(flow: string, cwd: string): Promise<string> {
  const path = resolve(cwd, flow)
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile()) return path
  throw new UsageError(
    stats ? `${flow} is not a file.` : `There is no file ${flow}.`,
    'Name a .weir.json file, or none to start with an empty flow.',
  )
}

/** The folder asked for; else the current one, or the flow's own where it lies elsewhere. */
function rootFor(flow: string | undefined, root: string | undefined, cwd: string): string {
  const folder = resolve(cwd, root ?? '.')
  if (flow === undefined || isWithin(folder, flow)) return folder
  if (root === undefined) return dirname(flow)
  throw new UsageError(
    `${flow} lies outside --root ${root}, so it could be opened but not saved.`,
    'Give a --root that holds it, or leave --root out.',
  )
}
