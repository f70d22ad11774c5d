/** Finds the flow in a command line. */
import { resolve } from 'node:path'

/**
 * The absolute path of the document named on the command line, or null. Skips what is not ours: the binary, switches
 * (Chromium, debuggers and test drivers add theirs, anywhere), and while developing the app's own folder.
 */
export function documentArgument(argv: readonly string[], packaged: boolean, folder: string): string | null {
  const words = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'))
  const named = words[packaged ? 0 : 1]
  return named === undefined ? null : resolve(folder, named)
}
