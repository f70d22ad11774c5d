/** Every command by its name, with its keys. */
import { Command as Menu } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useView } from '../app/use-stores.ts'
import { Keys } from '../app/keys.tsx'
import { viewStore } from '../stores/view.ts'
import { isEnabled } from './command.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'

export function CommandPalette() {
  const open = useView((state) => state.commands)
  const close = () => viewStore.getState().openCommands(false)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => viewStore.getState().openCommands(next)}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim clear" />
        <Dialog.Content className="commands" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Commands</Dialog.Title>
          <Menu label="Commands" loop>
            <Menu.Input placeholder="What do you want to do?" />
            <Menu.List>
              {commands
                .filter((command) => command.id !== 'view.commands' && isEnabled(command))
                .map((command) => (
                  <Entry key={command.id} command={command} onDone={close} />
                ))}
              <Menu.Empty>No command of that name.</Menu.Empty>
            </Menu.List>
          </Menu>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Entry({ command, onDone }: { command: Command; onDone: () => void }) {
  const keys = command.keys?.[0]
  return (
    <Menu.Item
      value={command.label}
      keywords={command.menu ? [command.menu] : []}
      onSelect={() => {
        onDone()
        // After the dialog has given the focus back, else it would take it from what the command opens.
        requestAnimationFrame(() => command.run())
      }}
    >
      <span className="commands-menu">{command.menu}</span>
      <span>{command.label}</span>
      {keys && <Keys keys={keys} />}
    </Menu.Item>
  )
}
