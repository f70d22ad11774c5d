/** The whole window, for specs of both shells: what people press, and where they look. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { CanvasPage } from './canvas.ts'
import { DockPage } from './dock.ts'
import { InspectorPage } from './inspector.ts'
import { PalettePage } from './palette.ts'

export type Phase = 'running' | 'done' | 'stopped' | 'failed'

export class StudioPage {
  readonly page: Page
  readonly palette: PalettePage
  readonly canvas: CanvasPage
  readonly inspector: InspectorPage
  readonly dock: DockPage
  readonly runButton: Locator
  readonly stopButton: Locator
  /** Phase, time, rate and memory of the run. */
  readonly runState: Locator
  readonly toast: Locator
  readonly banner: Locator
  /** The file, and whether it is up to date. */
  readonly documentState: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = new CanvasPage(page)
    this.palette = new PalettePage(page, this.canvas)
    this.inspector = new InspectorPage(page)
    this.dock = new DockPage(page)
    this.runButton = page.getByRole('button', { name: 'Run', exact: true })
    this.stopButton = page.getByRole('button', { name: 'Stop', exact: true })
    this.runState = page.getByTestId('run-state')
    this.toast = page.getByTestId('toast')
    this.banner = page.getByTestId('banner')
    this.documentState = page.getByTestId('document-state')
  }

  /** The window is drawn and the engine has answered: there are nodes to add. */
  async ready(): Promise<void> {
    await expect(this.palette.entry('range')).toBeVisible()
    await expect(this.canvas.area).toBeVisible()
  }

  async run(): Promise<void> {
    await this.runButton.click()
  }

  /** Runs and waits until the run is over, one way or another. */
  async runTo(phase: Phase): Promise<void> {
    await this.run()
    await this.isIn(phase)
  }

  async stop(): Promise<void> {
    await this.stopButton.click()
  }

  async isIn(phase: Phase): Promise<void> {
    await expect(this.runState).toHaveAttribute('data-state', phase)
  }

  async undo(): Promise<void> {
    await this.canvas.focus()
    await this.page.keyboard.press('ControlOrMeta+z')
  }

  async redo(): Promise<void> {
    await this.canvas.focus()
    await this.page.keyboard.press('ControlOrMeta+Shift+z')
  }

  /** Through the list of commands, which every command is in. */
  async command(label: string | RegExp): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k')
    const option = this.page.getByRole('option', { name: label })
    if (typeof label === 'string') await this.page.getByRole('combobox').fill(label)
    await option.first().click()
  }

  async theme(name: 'light' | 'dark' | 'high contrast'): Promise<void> {
    await this.command(`Theme: ${name}`)
  }

  /** The colour behind everything, as the browser computes it. */
  async background(): Promise<string> {
    return this.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  }
}
