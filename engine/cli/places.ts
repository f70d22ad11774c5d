/** Where the installed program finds its parts. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export interface Places {
  version: string
  /** The built worker that runs flows. */
  workerUrl: URL
  /** The built studio. */
  rendererDir: string
  examplesDir: string
}

/** The package this very file belongs to: the same from the sources and from wherever the build has put the code. */
export function places(): Places {
  let root = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(root, 'package.json'))) {
    const above = dirname(root)
    if (above === root) throw new Error('Weir is incomplete: its package.json is missing. Install it again.')
    root = above
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    version,
    workerUrl: pathToFileURL(join(root, 'dist', 'engine', 'worker.js')),
    rendererDir: join(root, 'dist', 'renderer'),
    examplesDir: join(root, 'examples'),
  }
}
