/** Builds the renderer for both shells: served from `app://` by Electron and over HTTP by `weir serve`. */
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  root: here,
  base: '/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome130', 'firefox130', 'safari18'],
    // The content security policy allows no data: fonts, scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco and its TypeScript worker are large by nature and loaded on first use; a chunk group of their own would
    // draw shared helpers in and load with the start.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'flow', test: /node_modules[\\/](@xyflow|d3-|zustand|zundo|use-sync)/ },
            {
              name: 'kit',
              test: /node_modules[\\/](radix-ui|@radix-ui|@floating-ui|cmdk|lucide-react|zod|birpc|react-resizable)/,
            },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true },
})
