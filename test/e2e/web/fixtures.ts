/** What every web spec starts from: a server, an open studio, and a watch over everything the page complains about. */
import { test as base } from '@playwright/test'
import type { Page } from '@playwright/test'
import { FileDialogPage } from '../pages/file-dialog.ts'
import { StudioPage } from '../pages/studio.ts'
import { serve } from './serve.ts'
import type { Served } from './serve.ts'

interface Fixtures {
  served: Served
  studio: StudioPage
  files: FileDialogPage
  /** Console errors, thrown errors, violations of the content policy. A test ends with none. */
  complaints: string[]
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
  served: async ({}, use) => {
    const served = await serve()
    await use(served)
    await served.close()
  },
  complaints: [
    async ({ page }, use) => {
      const complaints = watch(page)
      await use(complaints)
      if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`)
    },
    // Whatever a test does, the page is watched.
    { auto: true },
  ],
  studio: async ({ page, served }, use) => {
    await page.goto(served.url)
    const studio = new StudioPage(page)
    await studio.ready()
    await use(studio)
  },
  files: async ({ page }, use) => use(new FileDialogPage(page)),
})

export { expect } from '@playwright/test'

/** Collects from now on. Violations of the policy come as console errors in Chromium. */
function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error.message}`))
  return complaints
}
