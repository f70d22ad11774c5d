/** Several tabs of one server: each has its own run. */
import { rangeTo, openFlow } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'
import { StudioPage } from './pages/studio.ts'

test('a duplicated tab leaves the run of the first one alone', async ({ studio, files, served, context }) => {
  await openFlow({ studio, files, served }, 'endless', rangeTo(1_000_000_000))
  await studio.run()
  await studio.isIn('running')
  // As browsers duplicate a tab: the same address, with a copy of what the tab has stored.
  const stored = await studio.page.evaluate(() => ({ ...sessionStorage }))
  const page = await context.newPage()
  await page.addInitScript(
    (entries) => {
      if (sessionStorage.length === 0)
        for (const [key, value] of Object.entries(entries)) sessionStorage.setItem(key, value)
    },
    stored as Record<string, string>,
  )
  await page.goto(served.url)
  const copy = new StudioPage(page)
  await copy.ready()
  await expect(copy.runButton).toBeVisible()
  await expect(copy.stopButton).toBeHidden()
  await page.close()
  await studio.isIn('running')
  await studio.stop()
  await studio.isIn('stopped')
})

test('a reload finds the run again', async ({ studio, files, served }) => {
  await openFlow({ studio, files, served }, 'endless', rangeTo(1_000_000_000))
  await studio.run()
  await studio.isIn('running')
  await studio.page.reload()
  await studio.ready()
  await studio.isIn('running')
  await studio.stop()
  await studio.isIn('stopped')
})
