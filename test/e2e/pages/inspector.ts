/** The settings of the selected node. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

export class InspectorPage {
  readonly #page: Page
  readonly area: Locator

  constructor(page: Page) {
    this.#page = page
    this.area = page.getByRole('complementary', { name: 'Settings' })
  }

  /** A field with its label, help and errors; `name` is "node.field". */
  field(name: string): Locator {
    return this.#page.locator(`[data-field="${name}"]`)
  }

  /** Types into a plain field and leaves it. */
  async set(name: string, value: string): Promise<void> {
    const input = this.field(name).locator('input, textarea').first()
    await input.fill(value)
    await input.blur()
  }

  /** Chooses one of a field's options, by its value or label. */
  async choose(name: string, option: string): Promise<void> {
    const field = this.field(name)
    const select = field.locator('select')
    if ((await select.count()) > 0) {
      await select.selectOption(option)
      return
    }
    await field
      .getByRole('combobox')
      .or(field.getByRole('radio', { name: option }))
      .first()
      .click()
    const choice = this.#page.getByRole('option', { name: option, exact: true })
    if ((await choice.count()) > 0) await choice.click()
  }

  editor(name: string): Locator {
    return this.field(name).locator('.monaco-editor').first()
  }

  /** Replaces the text of a code field. */
  async type(name: string, text: string): Promise<void> {
    await this.focusEditor(name)
    await this.#page.keyboard.press('ControlOrMeta+a')
    // Key by key, as people do: the brackets that the editor closes by itself are typed over.
    await this.#page.keyboard.type(text)
    // The list of completions may lie over what is next.
    await this.#page.keyboard.press('Escape')
  }

  async focusEditor(name: string): Promise<void> {
    await this.editor(name).click()
    await expect(this.editor(name)).toHaveClass(/focused/)
  }

  /** The code on the screen. */
  async code(name: string): Promise<string> {
    const text = await this.field(name).locator('.view-lines').first().innerText()
    return text.replaceAll('\u00a0', ' ')
  }

  /** What the editor offers at the caret. */
  suggestion(text: string): Locator {
    return this.#page.locator('.suggest-widget .monaco-list-row').filter({ hasText: text })
  }
}
