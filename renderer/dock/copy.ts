/** Text to the clipboard, with a word about how it went. */
import { studio } from '../app/studio.ts'
import { viewStore } from '../stores/view.ts'

export async function copyToClipboard(text: string, done: string): Promise<void> {
  const { notify } = viewStore.getState()
  try {
    await studio.shell.copyText(text)
    notify(done)
  } catch {
    notify('The clipboard could not be written. Select the text and copy it by hand.', 'error')
  }
}
