/** Builds main and the engine process: ES modules for the Node inside Electron, everything bundled. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const inElectron = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: inElectron('.'),
  ssr: { target: 'node', noExternal: true, external: ['electron', '@duckdb/node-api'] },
  build: {
    ssr: true,
    target: 'node22',
    outDir: inElectron('../dist/electron'),
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: { main: inElectron('main.ts'), 'engine-process': inElectron('engine-process.ts') },
      platform: 'node',
      external: ['electron', '@duckdb/node-api'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
})
