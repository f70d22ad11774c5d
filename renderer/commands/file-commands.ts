/** Commands on documents. */
import { ask } from '../app/ask.ts'
import { studio } from '../app/studio.ts'
import { documentStore } from '../stores/document.ts'
import type { Command } from './command.ts'

const hasNodes = () => Object.keys(documentStore.getState().flow.nodes).length > 0

export const fileCommands: readonly Command[] = [
  {
    id: 'file.new',
    label: 'New flow',
    keys: ['Mod+Alt+N'],
    menu: 'File',
    everywhere: true,
    run: () => void studio.newDocument(),
  },
  {
    id: 'file.open',
    label: 'Open…',
    keys: ['Mod+O'],
    menu: 'File',
    everywhere: true,
    run: () => void studio.open(),
  },
  { id: 'file.example', label: 'Open an example…', menu: 'File', run: () => void ask({ kind: 'examples' }) },
  {
    id: 'file.save',
    label: 'Save',
    keys: ['Mod+S'],
    menu: 'File',
    everywhere: true,
    run: () => void studio.save(),
  },
  {
    id: 'file.save-as',
    label: 'Save as…',
    keys: ['Mod+Shift+S'],
    menu: 'File',
    everywhere: true,
    run: () => void studio.saveAs(),
  },
  {
    id: 'file.export-png',
    label: 'Export picture as PNG…',
    menu: 'File',
    enabled: hasNodes,
    run: () => void studio.exportPng(),
  },
  {
    id: 'file.export-json',
    label: 'Export graph as JSON…',
    menu: 'File',
    enabled: hasNodes,
    run: () => void studio.exportJson(),
  },
  {
    id: 'file.copy-json',
    label: 'Copy graph as JSON',
    menu: 'File',
    enabled: hasNodes,
    run: () => void studio.copyJson(),
  },
]
