/** Monaco's themes, read from the tokens: it wants sRGB hex and cannot read CSS variables. */
import { editor } from 'monaco-editor/editor'
import { currentTheme, onThemeChange } from '../app/theme.ts'

const NAME = 'weir'

/** Defines the theme now and again whenever the tokens change. */
export function followEditorTheme(): void {
  defineTheme()
  onThemeChange(defineTheme)
}

function defineTheme(): void {
  const theme = currentTheme()
  const dark = theme === 'dark' || theme === 'contrast-dark'
  const contrast = theme === 'contrast' || theme === 'contrast-dark'
  const base = contrast ? (dark ? 'hc-black' : 'hc-light') : dark ? 'vs-dark' : 'vs'
  const color = tokenReader()
  const rule = (token: string, name: string, fontStyle = '') => ({
    token,
    foreground: color(name).slice(1),
    fontStyle,
  })
  editor.defineTheme(NAME, {
    base,
    inherit: true,
    rules: [
      rule('', '--ink'),
      rule('identifier', '--ink'),
      rule('delimiter', '--ink'),
      rule('type.identifier', '--ink'),
      rule('keyword', '--code-keyword'),
      rule('string', '--code-string'),
      rule('string.escape', '--code-number'),
      rule('regexp', '--code-string'),
      rule('number', '--code-number'),
      rule('comment', '--code-comment', 'italic'),
    ],
    colors: {
      'editor.background': color('--field'),
      'editor.foreground': color('--ink'),
      'editorCursor.foreground': color('--ink'),
      'editorLineNumber.foreground': color('--ink-3'),
      'editorLineNumber.activeForeground': color('--ink-2'),
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': color('--card'),
      'editorWidget.border': color('--line'),
      'editorSuggestWidget.background': color('--card'),
      'editorSuggestWidget.border': color('--line'),
      'editorSuggestWidget.foreground': color('--ink'),
      'editorSuggestWidget.selectedBackground': color('--selected'),
      'editorSuggestWidget.selectedForeground': color('--ink'),
      'editorSuggestWidget.highlightForeground': color('--accent'),
      'editorSuggestWidget.focusHighlightForeground': color('--accent'),
      'editorHoverWidget.background': color('--card'),
      'editorHoverWidget.border': color('--line'),
      'editorError.foreground': color('--failed'),
      'editor.placeholder.foreground': color('--ink-2'),
      'widget.shadow': '#00000022',
      focusBorder: '#00000000',
    },
  })
  editor.setTheme(NAME)
}

/** Reads a token as "#rrggbb"; the browser itself converts OKLCH by painting it. */
function tokenReader(): (name: string) => string {
  const style = getComputedStyle(document.documentElement)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const paint = canvas.getContext('2d', { willReadFrequently: true })
  return (name) => {
    if (!paint) return '#808080'
    paint.fillStyle = style.getPropertyValue(name)
    paint.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = paint.getImageData(0, 0, 1, 1).data
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  }
}
