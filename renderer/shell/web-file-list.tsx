/** The list of a file dialog: arrow keys move, Enter or a double click opens, Backspace leaves, a letter jumps. */
import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import type { Folder } from './web-files.ts'

type Entry = Folder['entries'][number]

interface Props {
  /** null while the folder is being read. */
  entries: readonly Entry[] | null
  /** Name of the chosen entry. */
  selected: string
  onSelect: (entry: Entry) => void
  onOpen: (entry: Entry) => void
  onLeave: () => void
}

/** Mounted anew for each folder: then it takes the keyboard, unless a name is being typed. */
export function WebFileList({ entries, selected, onSelect, onOpen, onLeave }: Props) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    if (document.activeElement instanceof HTMLInputElement) return
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [])
  if (!entries) return <p className="file-dialog-empty">Reading…</p>
  if (entries.length === 0) return <p className="file-dialog-empty">Nothing to choose in this folder.</p>

  const chosen = Math.max(
    0,
    entries.findIndex((entry) => entry.name === selected),
  )

  function move(to: number): void {
    const index = Math.min(entries!.length - 1, Math.max(0, to))
    const option = list.current?.children[index]
    if (!(option instanceof HTMLElement)) return
    option.focus()
    onSelect(entries![index]!)
  }

  function onKeyDown(event: KeyboardEvent, index: number): void {
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: entries!.length - 1,
      PageDown: index + 10,
      PageUp: index - 10,
    }
    const step = steps[event.key]
    if (step !== undefined) move(step)
    else if (event.key === 'Enter') onOpen(entries![index]!)
    else if (event.key === 'Backspace') onLeave()
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const after = entries!.findIndex((entry, at) => at > index && startsWith(entry.name, event.key))
      move(after >= 0 ? after : entries!.findIndex((entry) => startsWith(entry.name, event.key)))
    } else return
    event.preventDefault()
  }

  return (
    <ul className="file-dialog-list" role="listbox" aria-label="Files" ref={list}>
      {entries.map((entry, index) => (
        <li
          key={entry.path}
          role="option"
          aria-selected={entry.name === selected}
          tabIndex={index === chosen ? 0 : -1}
          data-folder={entry.folder || undefined}
          onClick={() => onSelect(entry)}
          onDoubleClick={() => onOpen(entry)}
          onKeyDown={(event) => onKeyDown(event, index)}
        >
          <span className="file-dialog-entry">{entry.folder ? `${entry.name}/` : entry.name}</span>
          <span className="file-dialog-size">{entry.folder ? '' : sizeText(entry.sizeBytes)}</span>
        </li>
      ))}
    </ul>
  )
}

function startsWith(name: string, letter: string): boolean {
  return name.toLowerCase().startsWith(letter.toLowerCase())
}

function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}
