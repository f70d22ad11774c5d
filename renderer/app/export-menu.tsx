/** What can be taken out of the studio. */
import { DropdownMenu } from 'radix-ui'
import { Share } from 'lucide-react'
import { isEnabled } from '../commands/command.ts'
import { commandOf } from '../commands/commands.ts'

const ENTRIES = ['file.export-json', 'file.copy-json', 'file.export-png']

export function ExportMenu() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button">
        <Share size={15} strokeWidth={1.75} aria-hidden="true" />
        Export
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
          <Entries />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** Rendered when the menu opens, so that it tells what can be done then. */
function Entries() {
  return ENTRIES.map(commandOf).map((command) => (
    <DropdownMenu.Item
      key={command.id}
      className="menu-entry"
      disabled={!isEnabled(command)}
      onSelect={() => command.run()}
    >
      {command.label}
    </DropdownMenu.Item>
  ))
}
