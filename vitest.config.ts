/** Unit tests: everything under test/ but the browser and desktop specs. */
import { defineConfig } from 'vitest/config'
import { kernelPlugin } from './scripts/build-kernel.mjs'

export default defineConfig({
  plugins: [kernelPlugin()],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    globalSetup: ['test/setup/temporary-root.ts'],
    testTimeout: 30_000,
    // Folders of thousands of files are removed in hooks.
    hookTimeout: 60_000,
  },
})
