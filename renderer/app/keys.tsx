/** Keys as caps, in the way of the system. */
import { keyCaps } from '../commands/keys.ts'
import { theShell } from './session.ts'

/** Decoration: the control beside it says its keys by `aria-keyshortcuts`. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {keyCaps(keys, theShell().platform === 'mac').map((cap) => (
        <kbd className="key" key={cap}>
          {cap}
        </kbd>
      ))}
    </span>
  )
}

/** For `aria-keyshortcuts`: "Control+K". */
export function ariaKeys(keys: string | undefined): string | undefined {
  return keys?.replace('Mod', theShell().platform === 'mac' ? 'Meta' : 'Control')
}
