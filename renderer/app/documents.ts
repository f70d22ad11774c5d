/** Documents: new, open, save and the questions that keep work from being lost. */
import type { Flow } from '../../engine/host/protocol.ts'
import type { OpenedDocument, Recovered } from '../shell/shell.ts'
import { documentStore, emptyFlow, isDirty } from '../stores/document.ts'
import { live } from '../stores/live.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { ask, sentenceOf, tell } from './ask.ts'
import { ownSources } from './own-code.ts'
import { fileNameOf, folderOf, rebasePaths, suggestedFileName } from './paths.ts'
import { request, sessionStore, theShell } from './session.ts'

/** Folder that relative paths of the present flow count from. */
export function baseDir(): string {
  const { path } = documentStore.getState()
  return path === null ? sessionStore.getState().root : folderOf(path)
}

export async function newDocument(): Promise<void> {
  if (await mayReplace()) await show(emptyFlow(), null)
}

export async function open(): Promise<void> {
  if (!(await mayReplace())) return
  await attempt('The flow could not be opened', async () => {
    const document = await theShell().openDocument()
    if (document) await present(document)
  })
}

export async function openPath(path: string): Promise<void> {
  if (!(await mayReplace())) return
  await attempt(`${fileNameOf(path)} could not be opened`, async () =>
    present(await theShell().openPath(path)),
  )
}

/** A document that came from outside: command line, file manager, second instance. */
export async function openGiven(document: OpenedDocument): Promise<void> {
  if (await mayReplace()) await present(document)
}

/** An example opens as a copy without a file, so that saving never writes over it; its data paths stay right. */
export async function openExample(path: string): Promise<void> {
  if (!(await mayReplace())) return
  await attempt(`${fileNameOf(path)} could not be opened`, async () => {
    const document = await theShell().openPath(path)
    const flow = await parse(document)
    if (!flow) return
    const { root } = sessionStore.getState()
    const { descriptors } = runStore.getState()
    await show(rebasePaths(flow, { from: folderOf(document.path), to: root }, descriptors), null)
  })
}

/** Reads the flow and shows it; trouble is told and leaves the present document alone. */
export async function present(document: OpenedDocument): Promise<void> {
  const flow = await parse(document)
  if (flow) await show(flow, document)
}

/** A flow that was not saved before the studio went away, put back. False where its text is no flow. */
export async function presentRecovered({ text, path, savedAt }: Recovered): Promise<boolean> {
  const { flow } = await request('parse', { text, baseDir: path === null ? baseDir() : folderOf(path) })
  if (!flow) return false
  const mtimeMs = path === null ? null : await mtimeBefore(path, savedAt)
  await show(flow, null)
  documentStore.getState().load(flow, path, mtimeMs, true)
  return true
}

/** The file's time; one that no file has where it was changed since the backup, so that saving asks first. */
async function mtimeBefore(path: string, savedAt: number): Promise<number | null> {
  try {
    const { mtimeMs } = await theShell().openPath(path)
    return mtimeMs <= savedAt ? mtimeMs : 0
  } catch {
    // The file is gone: saving writes it anew.
    return null
  }
}

async function parse(document: OpenedDocument): Promise<Flow | null> {
  const { flow, problems } = await request('parse', { text: document.text, baseDir: folderOf(document.path) })
  if (flow) return flow
  const details = problems.map(({ message, remedy, at }) =>
    [at.line === undefined ? '' : `Line ${at.line}:`, message, remedy].filter(Boolean).join(' '),
  )
  await tell(`${fileNameOf(document.path)} is not a flow that can be opened`, document.path, details)
  return null
}

async function show(flow: Flow, document: OpenedDocument | null): Promise<void> {
  const { run, setRun, setProblems } = runStore.getState()
  if (run && isRunning(run)) await request('stop', { runId: run.runId }).catch(() => undefined)
  setRun(null)
  live.reset(null)
  setProblems([])
  viewStore.getState().select([])
  viewStore.getState().setInspect(null)
  documentStore.getState().load(flow, document?.path ?? null, document?.mtimeMs ?? null)
}

/** True where the present document is saved, or may go. */
export async function mayReplace(): Promise<boolean> {
  const state = documentStore.getState()
  if (!isDirty(state)) return true
  const answer = await ask({
    kind: 'choice',
    title: `Save the changes to “${state.flow.name}”?`,
    text: 'Without saving they are lost.',
    choices: [
      { id: 'drop', label: "Don't save", tone: 'danger' },
      { id: 'cancel', label: 'Cancel' },
      { id: 'save', label: 'Save', tone: 'main' },
    ],
  })
  if (answer === 'save') return await save()
  return answer === 'drop'
}

/** The save that is under way, and whether it asks for a place. */
let saving: { done: Promise<boolean>; asks: boolean } | null = null

/** True when the document is in its file. While a save is under way, this waits for it and writes what it left out. */
export async function save(): Promise<boolean> {
  if (saving) {
    const saved = await saving.done
    return saved && isDirty(documentStore.getState()) ? save() : saved
  }
  const asks = documentStore.getState().path === null
  return inTurn(asks ? writeToChosen : writeToFile, asks)
}

/** As `save`, to a place that is asked for; never asks twice at once. */
export async function saveAs(): Promise<boolean> {
  if (saving?.asks) return saving.done
  if (saving) {
    await saving.done
    return saveAs()
  }
  return inTurn(writeToChosen, true)
}

async function inTurn(write: () => Promise<boolean>, asks: boolean): Promise<boolean> {
  const mine = { done: write(), asks }
  saving = mine
  try {
    return await mine.done
  } finally {
    saving = null
  }
}

async function writeToFile(): Promise<boolean> {
  const { path, mtimeMs, flow } = documentStore.getState()
  if (path === null) return writeToChosen()
  return await attempt('The flow could not be saved', async () => {
    const { text } = await request('format', { flow })
    try {
      const saved = await theShell().saveDocument(path, text, mtimeMs ?? undefined)
      finishSave(flow, saved)
      return true
    } catch (error) {
      if (!isChangedOnDisk(error)) throw error
      return await saveOverOthers(path, text, flow)
    }
  })
}

async function writeToChosen(): Promise<boolean> {
  return await attempt('The flow could not be saved', async () => {
    const before = documentStore.getState()
    const { text } = await request('format', { flow: before.flow })
    const saved = await theShell().saveDocumentAs(suggestedName(before.path, before.flow.name), text)
    if (!saved) return false
    const flow = rebasePaths(
      before.flow,
      { from: baseDir(), to: folderOf(saved.path) },
      runStore.getState().descriptors,
    )
    if (flow === before.flow) {
      finishSave(flow, saved)
      return true
    }
    // The flow moved to another folder: written once more, with paths that count from there.
    const rebased = await request('format', { flow })
    const again = await theShell().saveDocument(saved.path, rebased.text)
    if (documentStore.getState().flow === before.flow) documentStore.setState({ flow })
    finishSave(flow, again)
    return true
  })
}

function suggestedName(path: string | null, name: string): string {
  return path ?? suggestedFileName(name)
}

function finishSave(flow: Flow, { path, mtimeMs }: { path: string; mtimeMs: number }): void {
  documentStore.getState().markSaved(flow, path, mtimeMs)
  void theShell().clearBackup()
  // What was typed here and saved is the person's own the next time it is opened, too.
  const sources = ownSources(flow)
  if (sources.length > 0) request('trust', { sources }).catch(() => undefined)
}

function isChangedOnDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === 'changed-on-disk') || error.message.includes('changed-on-disk')
}

async function saveOverOthers(path: string, text: string, flow: Flow): Promise<boolean> {
  const answer = await ask({
    kind: 'choice',
    title: `${fileNameOf(path)} was changed by another program`,
    text: 'Saving now writes over those changes; loading it again drops yours.',
    choices: [
      { id: 'reload', label: 'Load it again', tone: 'danger' },
      { id: 'cancel', label: 'Cancel' },
      { id: 'overwrite', label: 'Save mine', tone: 'main' },
    ],
  })
  if (answer === 'overwrite') {
    finishSave(flow, await theShell().saveDocument(path, text))
    return true
  }
  if (answer === 'reload') await present(await theShell().openPath(path))
  return false
}

/** Runs an action on documents; a failure is told, with its reason, and counts as false. */
async function attempt(title: string, action: () => Promise<boolean | void>): Promise<boolean> {
  try {
    return (await action()) !== false
  } catch (error) {
    await tell(title, sentenceOf(error))
    return false
  }
}
