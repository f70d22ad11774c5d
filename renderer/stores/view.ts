/** The view store: selection, panels, what is open. Never saved with the flow, never in history. */
import { createStore } from 'zustand/vanilla'
import { persist } from 'zustand/middleware'

export type DockTab = 'records' | 'problems' | 'log'
export type Theme = 'system' | 'light' | 'dark' | 'contrast'

/** Where the node picker opens, and which wire it continues. */
export interface PickerRequest {
  /** Screen position of the popup. */
  screen: { x: number; y: number }
  /** Flow position of the new node. */
  at: [number, number]
  /** The wire that was dropped: a port to connect the new node with. */
  wire?: { node: string; port: string; direction: 'out' | 'in' }
  /** The edge to put the new node into. */
  splice?: string
}

export interface ViewState {
  nodes: readonly string[]
  edges: readonly string[]
  /** The edge whose records the dock shows, or the table node whose rows it shows. */
  inspect: { kind: 'edge'; id: string } | { kind: 'table'; id: string } | null
  dockTab: DockTab
  panels: { palette: boolean; inspector: boolean; dock: boolean; minimap: boolean }
  theme: Theme
  picker: PickerRequest | null
  commands: boolean
  shortcuts: boolean
  /** A field that should get the focus as soon as its form is there. */
  focusField: { node: string; field: string } | null
  /** A node that the camera should go to; `at` makes the same node twice a new request. */
  reveal: { node: string; at: number } | null
  /** One short message; canvas and commands use it for refusals and confirmations. */
  toast: { text: string; tone: 'info' | 'error'; at: number } | null

  select(nodes: readonly string[], edges?: readonly string[]): void
  setInspect(inspect: ViewState['inspect']): void
  setDockTab(tab: DockTab): void
  togglePanel(panel: keyof ViewState['panels'], open?: boolean): void
  setTheme(theme: Theme): void
  openPicker(picker: PickerRequest | null): void
  openCommands(open: boolean): void
  openShortcuts(open: boolean): void
  /** Selects the node, moves the camera to it and, with a field, puts the focus there. */
  goTo(node: string, field?: string): void
  clearFocusField(): void
  notify(text: string, tone?: 'info' | 'error'): void
  dismissToast(): void
}

export const viewStore = createStore<ViewState>()(
  persist(
    (set, get) => ({
      nodes: [],
      edges: [],
      inspect: null,
      dockTab: 'records',
      panels: { palette: true, inspector: true, dock: true, minimap: true },
      theme: 'system',
      picker: null,
      commands: false,
      shortcuts: false,
      focusField: null,
      reveal: null,
      toast: null,

      select(nodes, edges = []) {
        const same = (a: readonly string[], b: readonly string[]) =>
          a.length === b.length && a.every((id, index) => id === b[index])
        const old = get()
        if (!same(old.nodes, nodes) || !same(old.edges, edges)) set({ nodes, edges })
      },
      setInspect: (inspect) => set({ inspect, ...(inspect && { dockTab: 'records' as const }) }),
      setDockTab: (dockTab) => set({ dockTab, panels: { ...get().panels, dock: true } }),
      togglePanel: (panel, open) =>
        set({ panels: { ...get().panels, [panel]: open ?? !get().panels[panel] } }),
      setTheme: (theme) => set({ theme }),
      openPicker: (picker) => set({ picker }),
      openCommands: (commands) => set({ commands }),
      openShortcuts: (shortcuts) => set({ shortcuts }),
      goTo(node, field) {
        set({
          nodes: [node],
          edges: [],
          reveal: { node, at: Date.now() },
          focusField: field === undefined ? null : { node, field },
          panels: { ...get().panels, inspector: true },
        })
      },
      clearFocusField: () => set({ focusField: null }),
      notify: (text, tone = 'info') => set({ toast: { text, tone, at: Date.now() } }),
      dismissToast: () => set({ toast: null }),
    }),
    { name: 'weir.view', partialize: ({ panels, theme, dockTab }) => ({ panels, theme, dockTab }) },
  ),
)
