/** Commands as one would type them, with the folders of this machine left out. */
import { DATA, ROOT, TOOLS } from './folders.ts'

/** Words as a line for a shell; `env` stands before them. */
export function shownCommand(argv: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`)
  return shownPath([...settings, ...argv.map(quoted)].join(' '))
}

/** The same text with `$DATA`, `$TOOLS` and paths from the project's root. */
function shownPath(text: string): string {
  return text
    .replaceAll(DATA, '$DATA')
    .replaceAll(TOOLS, '$TOOLS')
    .replaceAll(`${ROOT}/`, '')
    .replaceAll(process.execPath, 'node')
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
