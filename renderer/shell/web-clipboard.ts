/** Text to and from the clipboard in a browser, also where it denies the clipboard API. */

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    if (!copyBySelection(text))
      throw new Error('The browser did not let the text be copied. Allow the clipboard for this page.')
  }
}

export async function readText(): Promise<string> {
  try {
    return await navigator.clipboard.readText()
  } catch {
    throw new Error(
      'The browser did not let the clipboard be read. Press Ctrl+V (⌘V) instead, or allow it for this page.',
    )
  }
}

/** The old way: the page's own copy command on a field that nobody sees. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'clipboard-field'
  field.setAttribute('aria-hidden', 'true')
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
