// Keys of commands against key events, on both kinds of keyboard.
import { describe, expect, it } from 'vitest'
import { keyCaps, matchesKeys } from '../../renderer/commands/keys.ts'
import type { KeyPress } from '../../renderer/commands/keys.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

describe('a press', () => {
  it('with Ctrl is Mod on a PC, with Command on a Mac', () => {
    expect(matchesKeys('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true)
    expect(matchesKeys('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false)
    expect(matchesKeys('Mod+K', press('k', { metaKey: true }), true)).toBe(true)
  })

  it('needs exactly the modifiers that are asked for', () => {
    expect(matchesKeys('Mod+S', press('S', { ctrlKey: true, shiftKey: true }), false)).toBe(false)
    expect(matchesKeys('Mod+Shift+S', press('S', { ctrlKey: true, shiftKey: true }), false)).toBe(true)
    expect(matchesKeys('N', press('n', { ctrlKey: true }), false)).toBe(false)
  })

  it('of a sign counts however the keyboard makes it', () => {
    expect(matchesKeys('?', press('?', { shiftKey: true }), false)).toBe(true)
    expect(matchesKeys('?', press('?'), false)).toBe(true)
    expect(matchesKeys('Plus', press('+', { shiftKey: true }), false)).toBe(true)
  })

  it('on a keyboard of another script counts by the place of the key', () => {
    expect(matchesKeys('Mod+Z', press('я', { ctrlKey: true, code: 'KeyZ' }), false)).toBe(true)
    expect(matchesKeys('Mod+Z', press('y', { ctrlKey: true, code: 'KeyZ' }), false)).toBe(false)
  })

  it('of a letter with Alt on a Mac still is that letter', () => {
    expect(matchesKeys('Shift+Alt+T', press('ˇ', { shiftKey: true, altKey: true, code: 'KeyT' }), true)).toBe(
      true,
    )
  })
})

it('keys are shown in the way of the system', () => {
  expect(keyCaps('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z'])
  expect(keyCaps('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z'])
  expect(keyCaps('Plus', false)).toEqual(['+'])
})
