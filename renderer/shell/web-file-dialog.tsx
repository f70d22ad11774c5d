/** The browser shell's file dialog: folders and files of the server, and a name to save under. */
import { Dialog } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { RequestError } from '../transport/client.ts'
import { dialogRequests } from './web-dialogs.ts'
import type { DialogRequest } from './web-dialogs.ts'
import { chosenPath, offeredEntries, pathParts } from './web-dialog-paths.ts'
import { WebFileList } from './web-file-list.tsx'
import type { Folder } from './web-files.ts'
import '../styles/web-file-dialog.css'

/** Renders nothing until the shell asks for a path. */
export function WebFileDialog() {
  const pending = useStore(dialogRequests, (state) => state.pending)
  if (!pending) return null
  return (
    <Dialog.Root open onOpenChange={(open) => !open && pending.answer(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="file-dialog-scrim" />
        <Dialog.Content className="file-dialog" aria-describedby={undefined}>
          <Dialog.Title className="file-dialog-title">{pending.title}</Dialog.Title>
          {/* A new request starts from nothing, even where it follows on another. */}
          <FileChooser key={requestKey(pending)} request={pending} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const keys = new WeakMap<DialogRequest, number>()
let lastKey = 0

function requestKey(request: DialogRequest): number {
  const key = keys.get(request) ?? ++lastKey
  keys.set(request, key)
  return key
}

function FileChooser({ request }: { request: DialogRequest }) {
  const [folder, setFolder] = useState<Folder | null>(null)
  const [name, setName] = useState(request.name ?? '')
  const [trouble, setTrouble] = useState('')
  const [overwriting, setOverwriting] = useState('')
  const [busy, setBusy] = useState(false)
  const latest = useRef(0)

  async function enter(path: string): Promise<boolean> {
    // Answers may overtake each other; only the one asked for last counts.
    const turn = ++latest.current
    try {
      const next = await request.list(path)
      if (turn !== latest.current) return true
      setFolder(next)
      setTrouble('')
      setOverwriting('')
      if (request.mode === 'open') setName('')
      return true
    } catch (error) {
      if (turn === latest.current) setTrouble(textOf(error))
      return false
    }
  }

  useEffect(() => {
    const turns = latest
    // The folder of last time may be gone: then the root.
    void enter(request.folder).then((entered) => !entered && request.folder !== '' && enter(''))
    return () => void turns.current++
    // oxlint-disable-next-line react/exhaustive-deps -- a request never changes; the key of this component is its own
  }, [])

  function answer(chosen: string): void {
    if (!folder || chosen.trim() === '') return
    const path = chosenPath(folder.path, chosen, request)
    const existing = folder.entries.find((entry) => entry.path === path)
    if (existing?.folder) return void enter(path)
    if (request.mode === 'save' && existing && overwriting !== path) return setOverwriting(path)
    request.answer(path)
  }

  async function upload(file: File): Promise<void> {
    setBusy(true)
    try {
      request.answer(await request.upload!(file))
    } catch (error) {
      setTrouble(textOf(error))
      setBusy(false)
    }
  }

  return (
    <form
      className="file-dialog-body"
      onSubmit={(event) => {
        event.preventDefault()
        answer(name)
      }}
    >
      <nav className="file-dialog-path" aria-label="Folder">
        <button
          type="button"
          className="file-dialog-button"
          disabled={!folder?.parent}
          onClick={() => void enter(folder!.parent!)}
        >
          Up
        </button>
        <span className="file-dialog-place" title={folder?.path}>
          {pathParts(folder?.path ?? '').join(' / ')}
        </span>
      </nav>
      <WebFileList
        key={folder?.path}
        onLeave={() => folder?.parent && void enter(folder.parent)}
        entries={folder ? offeredEntries(folder.entries, request) : null}
        selected={name}
        onSelect={(entry) => {
          setOverwriting('')
          if (!entry.folder || request.mode === 'open') setName(entry.name)
        }}
        onOpen={(entry) => (entry.folder ? void enter(entry.path) : answer(entry.name))}
      />
      {request.mode === 'save' && (
        <label className="file-dialog-name">
          Name
          <input
            value={name}
            autoFocus
            spellCheck={false}
            onFocus={(event) => event.target.select()}
            onChange={(event) => {
              setName(event.target.value)
              setOverwriting('')
            }}
          />
        </label>
      )}
      <p className="file-dialog-trouble" role="alert">
        {overwriting ? `${pathParts(overwriting).at(-1)} exists. Press Replace to write over it.` : trouble}
      </p>
      <footer className="file-dialog-footer">
        {request.upload && (
          <label className="file-dialog-button file-dialog-upload">
            {busy ? 'Uploading…' : 'From this computer…'}
            <input
              type="file"
              disabled={busy}
              onChange={(event) => event.target.files?.[0] && void upload(event.target.files[0])}
            />
          </label>
        )}
        <Dialog.Close className="file-dialog-button">Cancel</Dialog.Close>
        <button
          type="submit"
          className="file-dialog-button"
          data-primary
          disabled={!folder || busy || name.trim() === ''}
        >
          {overwriting ? 'Replace' : request.action}
        </button>
      </footer>
    </form>
  )
}

function textOf(error: unknown): string {
  if (error instanceof RequestError) return `${error.message} ${error.remedy}`.trim()
  return error instanceof Error ? error.message : String(error)
}
