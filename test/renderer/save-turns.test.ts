/** Saving takes turns: a second save never asks for a second place, and never leaves newer changes out. */
import { beforeEach, expect, test, vi } from 'vitest'
import { save, saveAs } from '../../renderer/app/documents.ts'
import { sessionStore } from '../../renderer/app/session.ts'
import type { Shell } from '../../renderer/shell/shell.ts'
import { documentStore, emptyFlow, isDirty } from '../../renderer/stores/document.ts'
import type { EngineClient } from '../../renderer/transport/client.ts'
import { setClient } from '../../renderer/transport/current-client.ts'

const saveDocumentAs = vi.fn<Shell['saveDocumentAs']>()
const saveDocument = vi.fn<Shell['saveDocument']>()

type Place = { path: string; mtimeMs: number } | null

/** A question for a place that is answered by hand. */
function openQuestion() {
  let answer!: (place: Place) => void
  saveDocumentAs.mockReturnValue(new Promise<Place>((resolve) => (answer = resolve)))
  return answer
}

beforeEach(() => {
  vi.resetAllMocks()
  const shell = { saveDocumentAs, saveDocument, clearBackup: async () => {} }
  sessionStore.setState({ shell: shell as unknown as Shell, root: '/flows' })
  setClient({
    request: async (name: string, { flow }: { flow: unknown }) =>
      name === 'format' ? { text: JSON.stringify(flow) } : {},
  } as unknown as EngineClient)
  documentStore.getState().load(emptyFlow(), null, null)
  documentStore.getState().setName('First')
})

test('a second save during the question for a place asks nothing and has the same answer', async () => {
  const answer = openQuestion()
  const saves = [save(), save(), saveAs()]
  await vi.waitFor(() => expect(saveDocumentAs).toHaveBeenCalled())
  answer({ path: '/flows/a.weir.json', mtimeMs: 1 })
  expect(await Promise.all(saves)).toEqual([true, true, true])
  expect(saveDocumentAs).toHaveBeenCalledTimes(1)
  expect(saveDocument).not.toHaveBeenCalled()
})

test('a question that is cancelled cancels the saves that waited for it', async () => {
  const answer = openQuestion()
  const saves = [save(), save()]
  await vi.waitFor(() => expect(saveDocumentAs).toHaveBeenCalled())
  answer(null)
  expect(await Promise.all(saves)).toEqual([false, false])
  expect(saveDocumentAs).toHaveBeenCalledTimes(1)
})

test('what was changed during a save is written by the save that waited', async () => {
  const answer = openQuestion()
  saveDocument.mockResolvedValue({ path: '/flows/a.weir.json', mtimeMs: 2 })
  const first = save()
  await vi.waitFor(() => expect(saveDocumentAs).toHaveBeenCalled())
  documentStore.getState().setName('Second')
  const second = save()
  answer({ path: '/flows/a.weir.json', mtimeMs: 1 })
  expect(await Promise.all([first, second])).toEqual([true, true])
  expect(saveDocument).toHaveBeenCalledExactlyOnceWith(
    '/flows/a.weir.json',
    expect.stringContaining('Second'),
    1,
  )
  expect(isDirty(documentStore.getState())).toBe(false)
})

test('a save that failed does not stand in the way of the next one', async () => {
  saveDocumentAs.mockResolvedValueOnce(null).mockResolvedValueOnce({ path: '/flows/a.weir.json', mtimeMs: 1 })
  expect(await save()).toBe(false)
  expect(await save()).toBe(true)
})
