/** Unit tests: everything under test/ but the browser and desktop specs. */
import { defineConfig } from 'vitest/config'
import { kernelPlugin } from './scripts/build-kernel.mjs'

export default defineConfig({
  plugins: [kernelPlugin()],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    testTimeout: 30_000,
  },
})
