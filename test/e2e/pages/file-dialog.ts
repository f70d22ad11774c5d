/** The browser shell's own dialog for opening and saving. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

export class FileDialogPage {
  readonly area: Locator

  constructor(page: Page) {
    this.area = page.getByRole('dialog', { name: /Open a flow|Save the flow|Choose/ })
  }

  /** Answers the save dialog that is open. */
  async saveAs(name: string): Promise<void> {
    await this.area.getByRole('textbox').fill(name)
    await this.area.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(this.area).toBeHidden()
  }

  /** Answers the open dialog that is open. */
  async open(name: string): Promise<void> {
    await this.area.getByText(name, { exact: true }).dblclick()
    await expect(this.area).toBeHidden()
  }
}
