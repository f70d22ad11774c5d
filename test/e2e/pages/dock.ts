/** Records, problems and log. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

export class DockPage {
  readonly #page: Page
  readonly area: Locator
  readonly grid: Locator
  /** How many records there are. */
  readonly note: Locator
  /** The selected record. */
  readonly json: Locator
  readonly problems: Locator
  readonly log: Locator

  constructor(page: Page) {
    this.#page = page
    this.area = page.getByTestId('dock-area')
    this.grid = page.getByTestId('records-grid')
    this.note = page.getByTestId('records-note')
    this.json = page.getByTestId('record-json')
    this.problems = page.getByTestId('problem')
    this.log = page.getByRole('log', { name: 'Log' })
  }

  tab(name: 'Records' | 'Problems' | 'Log'): Locator {
    return this.area.getByRole('tab', { name: new RegExp(`^${name}`) })
  }

  /** A row by its number, from 0. */
  row(number: number): Locator {
    return this.grid.locator(`[data-row="${number}"]`)
  }

  /** Names in the heading, without the types. */
  async columns(): Promise<string[]> {
    return this.grid
      .locator('[role="columnheader"][data-field]')
      .evaluateAll((heads) => heads.map((head) => head.getAttribute('data-field') ?? ''))
  }

  /** The cells of a row as they are read, thousands joined again. */
  async cells(number: number): Promise<string[]> {
    const texts = await this.row(number).getByRole('gridcell').allInnerTexts()
    return texts.map((text) => text.replaceAll('\u202f', '').trim())
  }

  /** Waits until these are the first rows of the grid. */
  async hasRows(rows: readonly (readonly string[])[]): Promise<void> {
    await expect
      .poll(() => Promise.all(rows.map((_, number) => this.cells(number))), { message: 'rows of the grid' })
      .toEqual(rows)
  }

  /** The selected record, parsed again from what is on the screen. */
  async record(): Promise<unknown> {
    const lines = await this.json.locator('.dock-json-line').allInnerTexts()
    return JSON.parse(lines.join('\n')) as unknown
  }

  /** Leads to what a problem is about. */
  async follow(text: string | RegExp): Promise<void> {
    await this.tab('Problems').click()
    await this.problems.filter({ hasText: text }).click()
  }

  /** Moves the grid with the wheel, as people do. */
  async scroll(by: number): Promise<void> {
    await this.grid.hover()
    await this.#page.mouse.wheel(0, by)
  }
}
