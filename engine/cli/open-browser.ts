/** Opens an address in the person's browser, by the system's own opener. */
import { spawn } from 'node:child_process'

const OPENERS: Partial<Record<NodeJS.Platform, [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Does not wait for the browser; `failed` is told where there is no opener. */
export function openBrowser(url: string, failed: (message: string) => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => failed(`No browser could be started with ${command}. Open the address by hand.`))
  child.unref()
}
