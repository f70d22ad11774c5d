/** What main does for each call of the page. */
import { clipboard } from 'electron'
import type { IpcMainInvokeEvent } from 'electron'
import { listExamples } from '../engine/host/examples.ts'
import type { CallHandlers } from './answer-call.ts'
import { writeAtomic } from '../engine/host/atomic-write.ts'
import type { Backups } from './backups.ts'
import { CallError, fileError } from './call-error.ts'
import type { Tellings } from './channels.ts'
import type { Dialogs } from './dialogs.ts'
import type { EngineProcessHost } from './engine-process-host.ts'
import type { AppMenu } from './menu.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { StudioWindow } from './studio-window.ts'

export interface CallContext {
  examplesDir: string
  documents: OpenDocuments
  backups: Backups
  dialogs: Dialogs
  engine: EngineProcessHost
  menu: AppMenu
  /** The window that calls come from. */
  window(): StudioWindow
}

export function callHandlers(context: CallContext): CallHandlers<IpcMainInvokeEvent> {
  return { ...documentCalls(context), ...fileCalls(context), ...backupCalls(context), ...appCalls(context) }
}

type Calls<Prefix extends string> = Pick<
  CallHandlers<IpcMainInvokeEvent>,
  Extract<keyof CallHandlers<IpcMainInvokeEvent>, `${Prefix}:${string}`>
>

function documentCalls({ examplesDir, documents, window }: CallContext): Calls<'document'> {
  return {
    'document:initial': () => documents.initial(window().document.path),
    'document:open': () => documents.openWithDialog(window()),
    'document:open-path': ({ path }) => documents.open(path),
    'document:save': ({ path, text, expectedMtimeMs }) => documents.files.save(path, text, expectedMtimeMs),
    'document:save-as': ({ suggestedName, text }) => documents.saveAs(window(), suggestedName, text),
    'document:recent': () => [...documents.recents.list()],
    'document:examples': async () => {
      const examples = await listExamples(examplesDir)
      for (const { path } of examples) documents.files.grant(path, 'read')
      return examples
    },
    'document:state': (state) => done(window().setDocument(state)),
    'document:saved-before-close': ({ saved }) => done(window().savedBeforeClose(saved)),
  }
}

function fileCalls({ documents, dialogs, window }: CallContext): Calls<'file'> {
  return {
    'file:export': async ({ suggestedName, content }) => {
      const path = await dialogs.saveData(window().browser, suggestedName)
      if (path === null) return false
      await writeAtomic(path, content).catch((error: unknown) => {
        throw fileError(error, 'save', path)
      })
      return true
    },
    'file:pick-data': ({ filters }) => dialogs.openData(window().browser, filters),
    'file:pick-save-path': ({ suggestedName }) => dialogs.saveData(window().browser, suggestedName),
    'file:dropped': ({ path }) => documents.dropped(path),
  }
}

function backupCalls({ backups, documents }: CallContext): Calls<'backup'> {
  return {
    'backup:write': async (backup) => {
      // Else a page could name any path here, and be given it back as its own document after a restart.
      if (backup.path !== null && !documents.files.isGranted(backup.path, 'read')) {
        throw new CallError('refused', `${backup.path} was not opened here, so it gets no backup.`, '')
      }
      return done(await backups.write({ ...backup, savedAt: Date.now() }))
    },
    'backup:clear': async () => done(await backups.clear()),
    'backup:recover': async () => {
      const found = await backups.recover()
      for (const { path } of found) documents.grantRecovered(path)
      return found
    },
    'backup:discard': async ({ id }) => done(await backups.discard(id)),
  }
}

function appCalls({ engine, menu }: CallContext): Calls<'engine' | 'menu' | 'clipboard'> {
  return {
    'engine:connect': async ({ nonce }, event) => {
      const port = await engine.connect()
      const frame = event.senderFrame
      // The page may have gone while the engine started; an unused port must not stay with the engine.
      if (!frame || frame.detached || frame.isDestroyed()) return done(port.close())
      const message: Tellings['engine:port'] = { nonce }
      frame.postMessage('engine:port', message, [port])
      return null
    },
    'engine:restart': () => done(engine.restart()),
    'engine:status': () => engine.status,
    'menu:set': ({ commands }) => done(menu.setCommands(commands)),
    // Asynchronous in newer versions of Electron, not yet in older ones.
    'clipboard:write': async ({ text }) => done(await clipboard.writeText(text)),
    'clipboard:read': async () => await clipboard.readText(),
  }
}

/** Calls without a result answer null. */
function done(_nothing: void): null {
  return null
}
