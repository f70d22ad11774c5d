/** The vanilla stores as React hooks. Selectors must return values that keep their identity. */
import { useStore } from 'zustand'
import { documentStore } from '../stores/document.ts'
import type { DocumentState } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import type { RunStoreState } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import type { ViewState } from '../stores/view.ts'

export function useDocument<Value>(select: (state: DocumentState) => Value): Value {
  return useStore(documentStore, select)
}

export function useRun<Value>(select: (state: RunStoreState) => Value): Value {
  return useStore(runStore, select)
}

export function useView<Value>(select: (state: ViewState) => Value): Value {
  return useStore(viewStore, select)
}
