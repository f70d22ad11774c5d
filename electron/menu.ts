/** The native menu: built when its content changes, and only switched on and off otherwise. */
import { Menu } from 'electron'
import type { MenuCommand } from '../renderer/shell/bridge.ts'
import type { RecentDocument } from '../renderer/shell/shell.ts'
import { menuShape, menuTemplate } from './menu-template.ts'
import type { MenuActions, MenuContent } from './menu-template.ts'

export class AppMenu {
  readonly #actions: MenuActions
  #content: MenuContent
  #shape = ''

  constructor(actions: MenuActions, developing: boolean) {
    this.#actions = actions
    this.#content = { commands: [], recent: [], mac: process.platform === 'darwin', developing }
  }

  setCommands(commands: readonly MenuCommand[]): void {
    this.#show({ ...this.#content, commands })
  }

  setRecent(recent: readonly RecentDocument[]): void {
    this.#show({ ...this.#content, recent })
  }

  #show(content: MenuContent): void {
    this.#content = content
    const shape = menuShape(content)
    if (shape !== this.#shape) {
      this.#shape = shape
      Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(content, this.#actions)))
      return
    }
    const menu = Menu.getApplicationMenu()
    for (const { id, enabled } of content.commands) {
      const entry = menu?.getMenuItemById(id)
      if (entry) entry.enabled = enabled
    }
  }
}
