/** The one list of commands, and what the keyboard and the native menu do with it. */
import { ask } from '../app/ask.ts'
import { studio } from '../app/studio.ts'
import type { Shell } from '../shell/shell.ts'
import { documentStore } from '../stores/document.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { isEnabled } from './command.ts'
import type { Command } from './command.ts'
import { editCommands } from './edit-commands.ts'
import { fileCommands } from './file-commands.ts'
import { isTyping, matchesKeys } from './keys.ts'
import { viewCommands } from './view-commands.ts'

const running = () => isRunning(runStore.getState().run)

const runCommands: readonly Command[] = [
  {
    id: 'run.start',
    label: 'Run',
    keys: ['Mod+Enter'],
    menu: 'Run',
    everywhere: true,
    enabled: () => !running() && !runStore.getState().starting,
    run: () => void studio.run(),
  },
  {
    id: 'run.stop',
    label: 'Stop',
    keys: ['Mod+.', 'Mod+Enter'],
    menu: 'Run',
    everywhere: true,
    enabled: running,
    run: () => void studio.stop(),
  },
  {
    id: 'run.problems',
    label: 'Go to the first problem',
    keys: ['F8'],
    menu: 'Run',
    everywhere: true,
    enabled: () => runStore.getState().problems.some(({ at }) => at.node !== undefined),
    run: goToFirstProblem,
  },
]

const helpCommands: readonly Command[] = [
  {
    id: 'help.shortcuts',
    label: 'Keyboard shortcuts',
    keys: ['?'],
    menu: 'Help',
    run: () => viewStore.getState().openShortcuts(true),
  },
  { id: 'help.about', label: 'About Weir', menu: 'Help', run: () => void ask({ kind: 'about' }) },
]

export const commands: readonly Command[] = [
  ...runCommands,
  ...fileCommands,
  ...editCommands,
  ...viewCommands,
  ...helpCommands,
]

/** The command of this id. @throws where there is none: a typing mistake in the studio itself */
export function commandOf(id: string): Command {
  const found = commands.find((command) => command.id === id)
  if (!found) throw new Error(`There is no command "${id}".`)
  return found
}

export function runCommand(id: string): void {
  const command = commandOf(id)
  if (isEnabled(command)) command.run()
}

function goToFirstProblem(): void {
  const { problems } = runStore.getState()
  const found =
    problems.find(({ at, severity }) => at.node && severity === 'error') ?? problems.find(({ at }) => at.node)
  if (found?.at.node) viewStore.getState().goTo(found.at.node, found.at.field)
}

/** Hears the keys of all commands; letters stay with text fields, and Ctrl+Z with the editor that has the focus. */
export function listenToKeys(mac: boolean): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const typing = isTyping(event.target)
    const command = commands.find(
      (candidate) =>
        !candidate.canvasKeys &&
        (candidate.repeats || !event.repeat) &&
        (candidate.everywhere || !typing) &&
        candidate.keys?.some((keys) => matchesKeys(keys, event, mac)) &&
        isEnabled(candidate),
    )
    if (!command || isModal()) return
    event.preventDefault()
    event.stopPropagation()
    command.run()
  }
  // Before the code editor sees them: Ctrl+Enter runs the flow there, too.
  addEventListener('keydown', onKey, true)
  return () => removeEventListener('keydown', onKey, true)
}

/** While a dialog asks something, no command acts behind it. */
function isModal(): boolean {
  return (
    document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]') !==
    null
  )
}

/** Keeps the native menu in step: which commands exist, which can be used now. */
export function followMenu(shell: Shell): () => void {
  let told = ''
  const tell = () => {
    const entries = commands.map((command) => ({
      id: command.id,
      label: command.label,
      keys: command.keys?.[0],
      enabled: isEnabled(command),
      menu: command.menu,
    }))
    const text = JSON.stringify(entries)
    if (text === told) return
    told = text
    shell.setMenu(entries)
  }
  const stops = [
    documentStore.subscribe(tell),
    viewStore.subscribe(tell),
    runStore.subscribe(tell),
    documentStore.temporal.subscribe(tell),
    shell.onMenuCommand((id) => {
      if (commands.some((command) => command.id === id)) runCommand(id)
    }),
  ]
  tell()
  return () => stops.forEach((stop) => stop())
}
