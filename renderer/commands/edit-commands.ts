/** Commands that change the flow. */
import { canvasActions } from '../canvas/canvas-actions.ts'
import { connectSelection, duplicateSelection, removeSelection, selectAll } from '../canvas/edit-actions.ts'
import { documentStore, redo, undo } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import type { Command } from './command.ts'

const history = () => documentStore.temporal.getState()
const hasSelection = () => viewStore.getState().nodes.length + viewStore.getState().edges.length > 0
const hasNodes = () => viewStore.getState().nodes.length > 0
const isEmpty = () => Object.keys(documentStore.getState().flow.nodes).length === 0

export function openPicker(): void {
  viewStore.getState().openPicker({ screen: canvasActions.screenCentre(), at: canvasActions.centre() })
}

export const editCommands: readonly Command[] = [
  {
    id: 'edit.undo',
    label: 'Undo',
    keys: ['Mod+Z'],
    repeats: true,
    menu: 'Edit',
    enabled: () => history().pastStates.length > 0,
    run: undo,
  },
  {
    id: 'edit.redo',
    label: 'Redo',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    repeats: true,
    menu: 'Edit',
    enabled: () => history().futureStates.length > 0,
    run: redo,
  },
  { id: 'edit.add', label: 'Add a node…', keys: ['N'], menu: 'Edit', run: openPicker },
  {
    id: 'edit.duplicate',
    label: 'Duplicate',
    keys: ['Mod+D'],
    menu: 'Edit',
    canvasKeys: true,
    enabled: hasNodes,
    run: duplicateSelection,
  },
  {
    id: 'edit.delete',
    label: 'Delete and join the wires',
    keys: ['Delete', 'Backspace'],
    menu: 'Edit',
    canvasKeys: true,
    enabled: hasSelection,
    run: () => removeSelection(true),
  },
  {
    id: 'edit.cut-out',
    label: 'Delete with its wires',
    keys: ['Mod+Delete', 'Mod+Backspace'],
    menu: 'Edit',
    canvasKeys: true,
    enabled: hasSelection,
    run: () => removeSelection(false),
  },
  {
    id: 'edit.select-all',
    label: 'Select all',
    keys: ['Mod+A'],
    menu: 'Edit',
    canvasKeys: true,
    enabled: () => !isEmpty(),
    run: selectAll,
  },
  {
    id: 'edit.connect',
    label: 'Connect the selected nodes',
    keys: ['Mod+L'],
    menu: 'Edit',
    canvasKeys: true,
    enabled: () => viewStore.getState().nodes.length > 1,
    run: connectSelection,
  },
  {
    id: 'edit.tidy',
    label: 'Tidy the layout',
    keys: ['Shift+Alt+T'],
    menu: 'Edit',
    enabled: () => !isEmpty(),
    run: canvasActions.tidy,
  },
]
