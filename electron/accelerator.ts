/** The keys of a command ("Mod+Shift+Z") as an Electron accelerator. */

const MODIFIERS: Record<string, string> = {
  mod: 'CmdOrCtrl',
  cmd: 'Cmd',
  meta: 'Super',
  ctrl: 'Ctrl',
  control: 'Ctrl',
  alt: 'Alt',
  option: 'Alt',
  shift: 'Shift',
}

const KEYS: Record<string, string> = {
  enter: 'Enter',
  escape: 'Esc',
  esc: 'Esc',
  delete: 'Delete',
  backspace: 'Backspace',
  tab: 'Tab',
  space: 'Space',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  arrowup: 'Up',
  arrowdown: 'Down',
  arrowleft: 'Left',
  arrowright: 'Right',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  plus: 'Plus',
}

/** Undefined where Electron has no name for the keys: an accelerator it cannot read throws. */
export function acceleratorOf(keys: string | undefined): string | undefined {
  if (!keys) return undefined
  const parts = keys.split('+').map((part) => part.trim())
  const key = keyOf(parts.pop()!)
  const modifiers = parts.map((part) => MODIFIERS[part.toLowerCase()])
  if (key === undefined || modifiers.includes(undefined)) return undefined
  return [...modifiers, key].join('+')
}

function keyOf(name: string): string | undefined {
  if (/^[a-z0-9]$/i.test(name)) return name.toUpperCase()
  if (/^f([1-9]|1\d|2[0-4])$/i.test(name)) return name.toUpperCase()
  if (/^[=\-[\]\\;',./`?!@#$%^&*()]$/.test(name)) return name
  return KEYS[name.toLowerCase()]
}
