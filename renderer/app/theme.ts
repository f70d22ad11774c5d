/** Resolves the chosen theme ("system" included) to the data-theme attribute that the tokens read. */
import { viewStore } from '../stores/view.ts'
import type { Theme } from '../stores/view.ts'

export type ResolvedTheme = 'light' | 'dark' | 'contrast' | 'contrast-dark'

/** What a theme means on a system with these preferences. */
export function resolveTheme(theme: Theme, prefersDark: boolean, prefersContrast: boolean): ResolvedTheme {
  const dark = theme === 'dark' || (theme !== 'light' && prefersDark)
  const contrast = theme === 'contrast' || (theme === 'system' && prefersContrast)
  if (contrast) return dark ? 'contrast-dark' : 'contrast'
  return dark ? 'dark' : 'light'
}

const listeners = new Set<() => void>()

/** The theme that is on the screen now. */
export function currentTheme(): ResolvedTheme {
  return (document.documentElement.dataset['theme'] as ResolvedTheme | undefined) ?? 'light'
}

/** Called after the tokens changed; for what cannot read CSS variables by itself (Monaco, canvas). */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Applies the theme now and whenever the choice or the system changes. */
export function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const contrast = matchMedia('(prefers-contrast: more)')
  const apply = () => {
    const next = resolveTheme(viewStore.getState().theme, dark.matches, contrast.matches)
    if (document.documentElement.dataset['theme'] === next) return
    document.documentElement.dataset['theme'] = next
    for (const listener of listeners) listener()
  }
  dark.addEventListener('change', apply)
  contrast.addEventListener('change', apply)
  viewStore.subscribe(apply)
  apply()
}
