/** All keys on one page, made from the list of commands, and what the pointer does on the canvas. */
import { Modal } from '../app/modal.tsx'
import { Keys } from '../app/keys.tsx'
import { useView } from '../app/use-stores.ts'
import { viewStore } from '../stores/view.ts'
import { commands } from './commands.ts'

const MENUS = ['File', 'Edit', 'View', 'Run', 'Help'] as const

const POINTER: [string, string][] = [
  ['Scroll or two fingers', 'move the view'],
  ['Ctrl + scroll, pinch', 'zoom at the pointer'],
  ['Space + drag, middle button', 'move the view'],
  ['Drag on the canvas', 'select what is inside'],
  ['Drop a wire on the canvas', 'pick the next node'],
  ['Drop a data file', 'read it'],
]

export function Shortcuts() {
  const open = useView((state) => state.shortcuts)
  if (!open) return null
  return (
    <Modal title="Keyboard and pointer" size="wide" onClose={() => viewStore.getState().openShortcuts(false)}>
      <div className="shortcuts">
        {MENUS.map((menu) => {
          const listed = commands.filter((command) => command.menu === menu && command.keys)
          return (
            listed.length > 0 && (
              <section key={menu}>
                <h3>{menu}</h3>
                <dl>
                  {listed.map((command) => (
                    <div key={command.id}>
                      <dt>{command.label.replace('…', '')}</dt>
                      <dd>
                        <Keys keys={command.keys?.[0] ?? ''} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          )
        })}
        <section>
          <h3>Pointer</h3>
          <dl>
            {POINTER.map(([what, does]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  )
}
