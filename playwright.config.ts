/** End-to-end tests: `web` drives Chromium against `weir serve`, `desktop` drives the Electron app. */
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** An installed Chromium, or undefined for Playwright's own. */
const chromium = process.env.WEIR_CHROMIUM ?? ['/usr/bin/chromium'].find((path) => existsSync(path))
/** Chromium refuses its sandbox to root. */
const asRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  // A shared machine can starve a browser for seconds; a test that needed it is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'web',
      testMatch: '**/*.web.spec.ts',
      use: {
        browserName: 'chromium',
        viewport: { width: 1280, height: 800 },
        launchOptions: { executablePath: chromium, args: asRoot ? ['--no-sandbox'] : [] },
      },
    },
    // One at a time: windows of several apps would take the focus from each other.
    { name: 'desktop', testMatch: '**/*desktop*.spec.ts', workers: 1 },
  ],
})
