/** Finds the flow in a command line. */
import { resolve } from 'node:path'

/**
 * The absolute path of the document named on the command line, or null. Skips what is not ours: the binary, the
 * app's own folder while developing, and switches (Chromium, debuggers and test drivers add theirs).
 */
export function documentArgument(argv: readonly string[], packaged: boolean, folder: string): string | null {
  const named = argv.slice(packaged ? 1 : 2).find((argument) => argument !== '' && !argument.startsWith('-'))
  return named === undefined ? null : resolve(folder, named)
}
