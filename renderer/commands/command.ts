/** What a command is: menu, palette, toolbar and keyboard all read the same records. */

export interface Command {
  /** "file.save"; never changes. */
  id: string
  label: string
  /** The first is what people are shown; the others do the same. */
  keys?: readonly string[]
  /** Name of the menu it stands in; absent keeps it to the palette. */
  menu?: 'File' | 'Edit' | 'View' | 'Run' | 'Help'
  /** Its keys act while a text field or a code editor has the focus, too. */
  everywhere?: boolean
  /** The keys are only told here: the canvas handles them itself while it has the focus. */
  canvasKeys?: boolean
  /** Goes on while its keys are held. */
  repeats?: boolean
  /** Absent means always. */
  enabled?(): boolean
  run(): void
}

export function isEnabled(command: Command): boolean {
  return command.enabled?.() ?? true
}
