/** The native menu as data, made from the page's commands and the recent list. */
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../renderer/shell/bridge.ts'
import type { RecentDocument } from '../renderer/shell/shell.ts'
import { acceleratorOf } from './accelerator.ts'

export interface MenuContent {
  commands: readonly MenuCommand[]
  recent: readonly RecentDocument[]
  mac: boolean
  /** Adds reload and developer tools. */
  developing: boolean
}

export interface MenuActions {
  run(commandId: string): void
  openRecent(path: string): void
  clearRecent(): void
}

/** Menus in their usual order; commands for any other menu go between these and Window. */
const FIRST_MENUS = ['File', 'Edit', 'View']

/** macOS routes these keys to text fields only through roles. */
const EDIT_ROLES: Record<string, 'cut' | 'copy' | 'paste' | 'selectAll'> = {
  'CmdOrCtrl+X': 'cut',
  'CmdOrCtrl+C': 'copy',
  'CmdOrCtrl+V': 'paste',
  'CmdOrCtrl+A': 'selectAll',
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

export function menuTemplate(content: MenuContent, actions: MenuActions): MenuItemConstructorOptions[] {
  const { commands, mac } = content
  const named = new Set(commands.map((command) => command.menu).filter((menu) => menu !== undefined))
  const others = [...named].filter((menu) => ![...FIRST_MENUS, 'Window', 'Help'].includes(menu))
  const menus = [...FIRST_MENUS, ...others, ...(named.has('Help') ? ['Help'] : [])]
  const top = menus.map((menu) => ({ label: menu, submenu: submenu(menu, content, actions) }))
  const windowAt = named.has('Help') ? top.length - 1 : top.length
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    ...top.slice(0, windowAt),
    { role: 'windowMenu' },
    ...top.slice(windowAt),
  ]
}

/** Everything but `enabled`: where this is unchanged, the menu can stay and its entries be switched. */
export function menuShape(content: MenuContent): string {
  return JSON.stringify([
    content.commands.map(({ id, label, keys, menu }) => [id, label, keys, menu]),
    content.recent.map(({ path }) => path),
  ])
}

function submenu(menu: string, content: MenuContent, actions: MenuActions): MenuItemConstructorOptions[] {
  const own = content.commands
    .filter((command) => command.menu === menu)
    .map((command) => commandEntry(command, content.mac, actions))
  if (menu === 'File')
    return joined(own, [recentEntry(content, actions)], [{ role: content.mac ? 'close' : 'quit' }])
  if (menu === 'Edit') return joined(own, missingEditRoles(content))
  if (menu === 'View') return joined(own, viewRoles(content.developing))
  return own
}

function commandEntry(command: MenuCommand, mac: boolean, actions: MenuActions): MenuItemConstructorOptions {
  const accelerator = shownAccelerator(command.keys, mac)
  const role = accelerator && EDIT_ROLES[accelerator]
  if (mac && role) return { role, label: command.label }
  return {
    id: command.id,
    label: command.label,
    enabled: command.enabled,
    ...(accelerator && { accelerator }),
    // The page handles its keys, so that Ctrl+Z reaches the code editor while that has the focus.
    registerAccelerator: false,
    click: () => actions.run(command.id),
  }
}

/** macOS cannot show keys without acting on them, and a menu must not take a plain letter from a text field. */
function shownAccelerator(keys: string | undefined, mac: boolean): string | undefined {
  const accelerator = acceleratorOf(keys)
  return mac && accelerator && !/Cmd|Ctrl/.test(accelerator) ? undefined : accelerator
}

function recentEntry({ recent }: MenuContent, actions: MenuActions): MenuItemConstructorOptions {
  const entries = recent.map(({ path, name }) => ({
    label: name.replaceAll('&', '&&'),
    sublabel: path,
    toolTip: path,
    click: () => actions.openRecent(path),
  }))
  const clear = { label: 'Clear Recent', click: () => actions.clearRecent() }
  return {
    label: 'Open Recent',
    enabled: entries.length > 0,
    submenu: entries.length > 0 ? [...entries, SEPARATOR, clear] : [],
  }
}

/** Text fields need these in the menu where the page has no command of its own for them. */
function missingEditRoles({ commands }: MenuContent): MenuItemConstructorOptions[] {
  const taken = new Set(commands.map((command) => acceleratorOf(command.keys)))
  return Object.entries(EDIT_ROLES)
    .filter(([accelerator]) => !taken.has(accelerator))
    .map(([, role]) => ({ role }))
}

function viewRoles(developing: boolean): MenuItemConstructorOptions[] {
  return [{ role: 'togglefullscreen' }, ...(developing ? DEVELOPER_ROLES : [])]
}

const DEVELOPER_ROLES: MenuItemConstructorOptions[] = [
  SEPARATOR,
  { role: 'forceReload' },
  { role: 'toggleDevTools' },
]

/** Groups with a line between them; empty groups leave none. */
function joined(...groups: MenuItemConstructorOptions[][]): MenuItemConstructorOptions[] {
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index > 0 ? [SEPARATOR, ...group] : group))
}
