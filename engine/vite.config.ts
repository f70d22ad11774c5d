/** Builds the engine for plain Node: the `weir` program, the worker that runs flows, and the docs generator. */
import { chmodSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { kernelPlugin } from '../scripts/build-kernel.mjs'

/** Native or optional packages, which must be found in node_modules at run time. */
const EXTERNAL = ['@duckdb/node-api', 'bufferutil', 'utf-8-validate']

const inEngine = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// An entry that a checkout does not have yet is left out, so that the others can be built and tried.
const entries = Object.fromEntries(
  [
    ['weir', inEngine('cli/main.ts')],
    ['worker', inEngine('runtime/worker-entry.ts')],
    ['docs', inEngine('cli/docs.ts')],
  ].filter(([, file]) => existsSync(file!)),
)

/** `npx weir` runs the file itself. */
const executable: Plugin = {
  name: 'weir:executable',
  writeBundle(options, bundle) {
    if (bundle['weir.js']) chmodSync(`${options.dir}/weir.js`, 0o755)
  },
}

export default defineConfig({
  root: inEngine('.'),
  plugins: [executable, kernelPlugin()],
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
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name].js',
        banner: (chunk) => (chunk.name === 'weir' && chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
})
