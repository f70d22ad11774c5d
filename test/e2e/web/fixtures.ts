/** What every web spec starts from: a server, an open studio, and a watch over everything the page complains about. */
import { test as base } from '@playwright/test'
import type { Page } from '@playwright/test'
import { FileDialogPage } from '../pages/file-dialog.ts'
import { StudioPage } from '../pages/studio.ts'
import { serve } from './serve.ts'
import type { Served } from './serve.ts'

/** What the page may complain of in a test that means it to. */
interface Watch {
  allow(complaint: RegExp): void
}

interface Fixtures {
  served: Served
  studio: StudioPage
  files: FileDialogPage
  /** A test ends without console errors, thrown errors, or violations of the content policy. */
  watch: Watch
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
  served: async ({}, use) => {
    const served = await serve()
    await use(served)
    await served.close()
  },
  watch: [
    // The server is named here so that the watch ends before it does.
    async ({ page, served }, use) => {
      const complaints = collect(page)
      const allowed: RegExp[] = []
      await use({ allow: (complaint) => void allowed.push(complaint) })
      const left = complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)))
      if (left.length > 0) throw new Error(`The page of ${served.root} complained:\n${left.join('\n')}`)
    },
    { auto: true },
  ],
  studio: async ({ page, served }, use) => {
    await page.goto(served.url)
    const studio = new StudioPage(page)
    await studio.ready()
    await use(studio)
  },
  // The camera jumps instead of gliding, so that a place that was read still holds when it is clicked.
  contextOptions: { reducedMotion: 'reduce' },
  files: async ({ page }, use) => use(new FileDialogPage(page)),
})

export { expect } from '@playwright/test'

/** Collects from now on. Violations of the policy come as console errors in Chromium. */
function collect(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error.message}`))
  return complaints
}
