/** The flow out of the studio: as JSON to a file or the clipboard, as a picture. */
import { canvasActions } from '../canvas/canvas-actions.ts'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { sentenceOf } from './ask.ts'
import { suggestedFileName } from './paths.ts'
import { request, theShell } from './session.ts'

const { notify } = viewStore.getState()

export async function exportJson(): Promise<void> {
  const { flow } = documentStore.getState()
  try {
    const { text } = await request('format', { flow })
    if (await theShell().exportFile(suggestedFileName(flow.name), text))
      notify('The graph was exported as JSON.')
  } catch (error) {
    notify(`The graph was not exported: ${sentenceOf(error)}`, 'error')
  }
}

export async function copyJson(): Promise<void> {
  try {
    const { text } = await request('format', { flow: documentStore.getState().flow })
    await theShell().copyText(text)
    notify('The graph was copied as JSON.')
  } catch (error) {
    notify(`The graph was not copied: ${sentenceOf(error)}`, 'error')
  }
}

export async function exportPng(): Promise<void> {
  const { flow } = documentStore.getState()
  if (Object.keys(flow.nodes).length === 0) return notify('There is nothing to draw yet: add a node first.')
  try {
    const picture = await canvasActions.exportPng()
    const name = suggestedFileName(flow.name).replace(/\.weir\.json$/, '.png')
    if (await theShell().exportFile(name, picture)) notify('The picture was exported.')
  } catch (error) {
    notify(`The picture was not made: ${sentenceOf(error)}`, 'error')
  }
}
