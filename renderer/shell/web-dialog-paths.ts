/** What a file dialog offers, and the path that a choice in it means. Pure, so that it is tested without a page. */
import type { DialogRequest } from './web-dialogs.ts'
import type { Folder } from './web-files.ts'

/** Folders, and the files with one of the request's extensions. */
export function offeredEntries(
  entries: Folder['entries'],
  { extensions }: Pick<DialogRequest, 'extensions'>,
): Folder['entries'] {
  if (!extensions || extensions.length === 0) return entries
  return entries.filter(
    ({ folder, name }) =>
      folder || extensions.some((extension) => name.toLowerCase().endsWith(`.${extension.toLowerCase()}`)),
  )
}

/** The server's path of a name in a folder. A name to save under gets the extension that it lacks. */
export function chosenPath(
  folder: string,
  name: string,
  { mode, extensions }: Pick<DialogRequest, 'mode' | 'extensions'>,
): string {
  // The server's separator, which need not be this machine's.
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/'
  const trimmed = name.trim()
  const extension = mode === 'save' ? extensions?.[0] : undefined
  const lacks = extension !== undefined && !trimmed.toLowerCase().endsWith(`.${extension.toLowerCase()}`)
  return `${folder.replace(/[/\\]$/, '')}${separator}${trimmed}${lacks ? `.${extension}` : ''}`
}

/** The names along a path. */
export function pathParts(path: string): string[] {
  return path.split(/[/\\]/).filter((part) => part !== '')
}
