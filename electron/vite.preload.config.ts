/** Builds the preload: one CommonJS file, because a sandboxed preload can import nothing but Electron. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const inElectron = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: inElectron('.'),
  build: {
    ssr: true,
    target: 'node22',
    outDir: inElectron('../dist/electron'),
    // The main build, which runs first, empties the folder.
    emptyOutDir: false,
    sourcemap: 'inline',
    minify: false,
    rolldownOptions: {
      input: { preload: inElectron('preload.ts') },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
})
