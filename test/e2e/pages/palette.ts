/** The list of node types, and the picker that opens where a node is to be. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import type { CanvasPage, Point } from './canvas.ts'

export class PalettePage {
  readonly #page: Page
  readonly #canvas: CanvasPage
  readonly search: Locator
  readonly picker: Locator

  constructor(page: Page, canvas: CanvasPage) {
    this.#page = page
    this.#canvas = canvas
    this.search = page.getByRole('searchbox', { name: 'Search nodes' })
    this.picker = page.getByRole('dialog', { name: /Pick (a|the next) node/ })
  }

  entry(type: string): Locator {
    return this.#page.locator(`[data-palette="${type}"]`)
  }

  /** Drags a type onto the canvas; `at` counts from its top left corner. Nothing is wired. Returns the node's id. */
  async drag(type: string, at: Point): Promise<string> {
    return this.#added(async () => {
      await this.entry(type).dragTo(this.#canvas.area, { targetPosition: at })
    })
  }

  /** Adds behind the selected node, and wires it, where it fits. */
  async doubleClick(type: string): Promise<string> {
    return this.#added(() => this.entry(type).dblclick())
  }

  /** Adds with the keyboard alone: N, the name, Enter. */
  async key(type: string): Promise<string> {
    await this.#canvas.focus()
    await this.#page.keyboard.press('n')
    return this.pick(type)
  }

  /** Chooses in the picker that is open. */
  async pick(type: string): Promise<string> {
    await expect(this.picker).toBeVisible()
    return this.#added(async () => {
      await this.picker.getByRole('combobox').fill(type)
      await expect(this.picker.getByRole('option').first()).toHaveAttribute('data-value', type)
      await this.#page.keyboard.press('Enter')
    })
  }

  /** Does what adds one node and tells which one it is. */
  async #added(act: () => Promise<void>): Promise<string> {
    const before = await this.#canvas.nodeIds()
    await act()
    // By id and not by number: the camera may follow the new node, and nodes out of sight are not drawn.
    let added: string | undefined
    await expect
      .poll(async () => (added = (await this.#canvas.nodeIds()).find((id) => !before.includes(id))), {
        message: 'a node with a new id',
      })
      .toBeDefined()
    return added!
  }
}
