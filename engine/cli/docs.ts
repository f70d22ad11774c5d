/** Writes `docs/nodes.md` from the node files; with `--check` only says whether it is up to date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeTypes } from '../nodes/index.ts'
import { renderNodeDocs } from '../spec/node-docs.ts'
import { createRegistry, descriptorOf } from '../spec/registry.ts'

// The root of the project, both from `engine/cli` and from `dist/engine`.
const page = fileURLToPath(new URL('../../docs/nodes.md', import.meta.url))
const wanted = renderNodeDocs([...createRegistry(nodeTypes).values()].map(descriptorOf))
const current = read(page)

if (process.argv.includes('--check')) {
  if (current !== wanted) {
    const state = current === null ? 'is missing' : 'is stale: the node files have changed since'
    console.error(`docs/nodes.md ${state}. Run \`npm run docs\` and commit the result.`)
    process.exitCode = 1
  }
} else if (current === wanted) {
  console.log('docs/nodes.md is up to date.')
} else {
  mkdirSync(dirname(page), { recursive: true })
  writeFileSync(page, wanted)
  console.log(`docs/nodes.md now describes ${nodeTypes.length} node types.`)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
