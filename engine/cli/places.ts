/** Where the installed program finds its parts. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

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
  let root = import.meta.dirname
  let version = versionIn(root)
  while (version === undefined) {
    const above = dirname(root)
    if (above === root) throw new Error('Weir is incomplete: its package.json is missing. Install it again.')
    root = above
    version = versionIn(root)
  }
  return {
    version,
    workerUrl: pathToFileURL(join(root, 'dist', 'engine', 'worker.js')),
    rendererDir: join(root, 'dist', 'renderer'),
    examplesDir: join(root, 'examples'),
  }
}

/** The build has a package.json, too, which only says of what kind its files are. */
function versionIn(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version
}
