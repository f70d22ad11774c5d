/** Commands on what is seen: camera, panels, theme. */
import { canvasActions } from '../canvas/canvas-actions.ts'
import { viewStore } from '../stores/view.ts'
import type { Theme } from '../stores/view.ts'
import type { Command } from './command.ts'

const view = viewStore.getState()

const themes: [Theme, string][] = [
  ['system', 'Theme: as the system'],
  ['light', 'Theme: light'],
  ['dark', 'Theme: dark'],
  ['contrast', 'Theme: high contrast'],
]

export const viewCommands: readonly Command[] = [
  {
    id: 'view.commands',
    label: 'Commands…',
    keys: ['Mod+K'],
    menu: 'View',
    everywhere: true,
    run: () => view.openCommands(true),
  },
  { id: 'view.fit', label: 'Fit the whole flow', keys: ['1'], menu: 'View', run: canvasActions.fit },
  {
    id: 'view.fit-selection',
    label: 'Fit the selection',
    keys: ['2'],
    menu: 'View',
    enabled: () => viewStore.getState().nodes.length > 0,
    run: canvasActions.fitSelection,
  },
  { id: 'view.zoom-100', label: 'Zoom to 100 %', keys: ['0'], menu: 'View', run: canvasActions.zoom100 },
  {
    id: 'view.zoom-in',
    label: 'Zoom in',
    keys: ['Plus', '='],
    repeats: true,
    menu: 'View',
    run: canvasActions.zoomIn,
  },
  {
    id: 'view.zoom-out',
    label: 'Zoom out',
    keys: ['-'],
    repeats: true,
    menu: 'View',
    run: canvasActions.zoomOut,
  },
  {
    id: 'view.palette',
    label: 'Show or hide nodes',
    keys: ['Mod+B'],
    menu: 'View',
    everywhere: true,
    run: () => view.togglePanel('palette'),
  },
  {
    id: 'view.inspector',
    label: 'Show or hide settings',
    keys: ['Mod+I'],
    menu: 'View',
    everywhere: true,
    run: () => view.togglePanel('inspector'),
  },
  {
    id: 'view.dock',
    label: 'Show or hide records',
    keys: ['Mod+J'],
    menu: 'View',
    everywhere: true,
    run: () => view.togglePanel('dock'),
  },
  {
    id: 'view.minimap',
    label: 'Show or hide the map',
    keys: ['M'],
    menu: 'View',
    run: () => view.togglePanel('minimap'),
  },
  { id: 'view.problems', label: 'Show problems', menu: 'View', run: () => view.setDockTab('problems') },
  { id: 'view.log', label: 'Show log', menu: 'View', run: () => view.setDockTab('log') },
  ...themes.map(([theme, label]): Command => ({
    id: `view.theme-${theme}`,
    label,
    menu: 'View',
    run: () => view.setTheme(theme),
  })),
]
