/** The native menu as data. */
import { expect, test, vi } from 'vitest'
import { acceleratorOf } from '../../electron/accelerator.ts'
import { menuShape, menuTemplate } from '../../electron/menu-template.ts'
import type { MenuContent } from '../../electron/menu-template.ts'

const actions = {
  run: vi.fn<(commandId: string) => void>(),
  openRecent: vi.fn<(path: string) => void>(),
  clearRecent: vi.fn<() => void>(),
}
const content: MenuContent = {
  commands: [
    { id: 'save', label: 'Save', keys: 'Mod+S', enabled: true, menu: 'File' },
    { id: 'copy', label: 'Copy nodes', keys: 'Mod+C', enabled: false, menu: 'Edit' },
    { id: 'add', label: 'Add a node', keys: 'N', enabled: true, menu: 'Edit' },
    { id: 'run', label: 'Run', keys: 'Mod+Enter', enabled: true, menu: 'Run' },
    { id: 'keys', label: 'Keys', enabled: true, menu: 'Help' },
    { id: 'hidden', label: 'Not in the menu', enabled: true },
  ],
  recent: [{ path: '/f/a&b.weir.json', name: 'a&b', openedAt: 1 }],
  mac: false,
  developing: false,
}
type Entry = ReturnType<typeof menuTemplate>[number]
const names = (entries: Entry[]) => entries.map((entry) => entry.label ?? entry.role ?? entry.type)
const menu = (label: string, from = content) =>
  menuTemplate(from, actions).find((entry) => entry.label === label)!.submenu as Entry[]

test('menus stand in their usual order, the page’s own between View and Window, Help last', () => {
  expect(names(menuTemplate(content, actions))).toEqual(['File', 'Edit', 'View', 'Run', 'windowMenu', 'Help'])
  expect(names(menuTemplate({ ...content, mac: true }, actions))[0]).toBe('appMenu')
})

test('a command runs by its id, shows its keys, and leaves them to the page', () => {
  const [save] = menu('File')
  expect(save).toMatchObject({
    id: 'save',
    accelerator: 'CmdOrCtrl+S',
    registerAccelerator: false,
    enabled: true,
  })
  save!.click!({} as never, undefined, {} as never)
  expect(actions.run).toHaveBeenCalledWith('save')
})

test('text fields keep cut, copy and paste where the page has no command for them', () => {
  expect(names(menu('Edit'))).toEqual(['Copy nodes', 'Add a node', 'separator', 'cut', 'paste', 'selectAll'])
})

test('on macOS copying goes by its role, and plain letters are not taken from text fields', () => {
  const [copy, add] = menu('Edit', { ...content, mac: true })
  expect(copy).toEqual({ role: 'copy', label: 'Copy nodes' })
  expect(add!.accelerator).toBeUndefined()
})

test('recent flows open by path; their names keep an ampersand', () => {
  const recent = menu('File').find((entry) => entry.label === 'Open Recent')!.submenu as Entry[]
  expect(names(recent)).toEqual(['a&&b', 'separator', 'Clear Recent'])
  recent[0]!.click!({} as never, undefined, {} as never)
  expect(actions.openRecent).toHaveBeenCalledWith('/f/a&b.weir.json')
})

test('developer tools are there while developing only', () => {
  expect(names(menu('View'))).toEqual(['togglefullscreen'])
  expect(names(menu('View', { ...content, developing: true }))).toContain('toggleDevTools')
})

test('switching a command on changes nothing but its entry', () => {
  const switched = content.commands.map((command) => ({ ...command, enabled: !command.enabled }))
  expect(menuShape({ ...content, commands: switched })).toBe(menuShape(content))
  const renamed = content.commands.map((command) => ({ ...command, label: `${command.label}!` }))
  expect(menuShape({ ...content, commands: renamed })).not.toBe(menuShape(content))
})

test.each([
  ['Mod+S', 'CmdOrCtrl+S'],
  ['Mod+Shift+z', 'CmdOrCtrl+Shift+Z'],
  ['Alt+ArrowUp', 'Alt+Up'],
  ['Delete', 'Delete'],
  ['F8', 'F8'],
  ['Mod+.', 'CmdOrCtrl+.'],
  ['?', '?'],
])('%s is %s', (keys, accelerator) => expect(acceleratorOf(keys)).toBe(accelerator))

test.each(['', 'Hyper+K', 'Mod+Whatever', 'F99', 'Mod+', 'ü'])('%s has no accelerator', (keys) =>
  expect(acceleratorOf(keys)).toBeUndefined(),
)
