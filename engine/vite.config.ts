/** Builds the engine for plain Node: the `weir` program, the worker that runs flows, and the docs generator. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { asciiPlugin } from '../scripts/build-ascii.mjs'
import { codeCachePlugin } from '../scripts/build-code-cache.mjs'
import { kernelPlugin } from '../scripts/build-kernel.mjs'

/** Native or optional packages, which must be found in node_modules at run time. */
const EXTERNAL = ['@duckdb/node-api', 'bufferutil', 'utf-8-validate']

const inEngine = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// An entry that a checkout does not have yet is left out, so that the others can be built and tried.
const entries = Object.fromEntries(
  [
    ['weir', inEngine('start/weir.ts')],
    ['worker', inEngine('start/worker.ts')],
    ['code/early-worker', inEngine('cli/early-worker.ts')],
    ['code/main', inEngine('cli/main.ts')],
    ['code/worker', inEngine('runtime/worker-entry.ts')],
    ['docs', inEngine('cli/docs.ts')],
  ].filter(([, file]) => existsSync(file!)),
)

/** `npx weir` runs the file itself; and its folder is one of CommonJS, in a package of ES modules. */
const program: Plugin = {
  name: 'weir:program',
  writeBundle({ dir }, bundle) {
    if (!bundle['weir.js']) return
    chmodSync(`${dir}/weir.js`, 0o755)
    writeFileSync(`${dir}/package.json`, '{ "type": "commonjs" }\n')
  },
}

export default defineConfig({
  root: inEngine('.'),
  plugins: [program, asciiPlugin(), codeCachePlugin(), kernelPlugin()],
  ssr: { target: 'node', noExternal: true, external: EXTERNAL },
  build: {
    ssr: true,
    target: 'node20',
    outDir: inEngine('../dist/engine'),
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    // The worker and the program must not wait for each other's code: Vite's preloading has no place in Node.
    modulePreload: false,
    rolldownOptions: {
      input: entries,
      platform: 'node',
      external: EXTERNAL,
      output: {
        // Node 20 takes code caches for CommonJS only; see docs/decisions/0012-start-up.md.
        format: 'cjs',
        entryFileNames: '[name].js',
        chunkFileNames: 'code/[name].js',
        banner: (chunk) => (chunk.name === 'weir' && chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
})
