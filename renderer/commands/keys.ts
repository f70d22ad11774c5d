/** Keys of commands as text ("Mod+Shift+Z"): matching against key events, and how people read them. */

/** What of a keyboard event decides. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** True where this press is these keys. `Mod` is Command on a Mac and Ctrl elsewhere. */
export function matchesKeys(keys: string, press: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+')
  const key = parts.pop() ?? ''
  const wants = new Set(parts)
  const mod = wants.has('Mod')
  const ctrl = wants.has('Ctrl') || (mod && !mac)
  const meta = wants.has('Meta') || (mod && mac)
  if (press.ctrlKey !== ctrl || press.metaKey !== meta || press.altKey !== wants.has('Alt')) return false
  // Signs such as "?" or "+" need Shift on some keyboards and not on others: there Shift says nothing.
  const sign = key === 'Plus' || (key.length === 1 && !/[a-z0-9]/i.test(key))
  if (!sign && press.shiftKey !== wants.has('Shift')) return false
  return sameKey(key, press)
}

function sameKey(key: string, press: KeyPress): boolean {
  if (key === 'Plus') return press.key === '+'
  if (key.toLowerCase() === press.key.toLowerCase()) return true
  // With modifiers or another script on the keyboard, `key` is not the Latin letter; the place of the key is.
  if (/^[a-z]$/i.test(key)) return !/^[a-z]$/i.test(press.key) && press.code === `Key${key.toUpperCase()}`
  return /^[0-9]$/.test(key) && press.code === `Digit${key}`
}

const MAC: Record<string, string> = {
  Mod: '⌘',
  Meta: '⌘',
  Ctrl: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  Delete: '⌦',
  Backspace: '⌫',
  Escape: 'Esc',
  Plus: '+',
}
const OTHERS: Record<string, string> = { Mod: 'Ctrl', Meta: 'Win', Delete: 'Del', Escape: 'Esc', Plus: '+' }

/** The parts to show, one per key cap: ["Ctrl", "K"]. */
export function keyCaps(keys: string, mac: boolean): string[] {
  return keys
    .split('+')
    .map((part) => (mac ? MAC : OTHERS)[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}

/** True while letters belong to what has the focus: fields, editors, open dialogs and menus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (
    target.closest(
      '.monaco-editor, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"]',
    )
  )
    return true
  return target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select') !== null
}
