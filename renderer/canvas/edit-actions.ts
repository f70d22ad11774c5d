/** Edits of the selection that need no pointer: keys, menu and palette call these. Each is one undo step. */
import { endpointOf } from '../../engine/host/protocol.ts'
import type { FlowNode } from '../../engine/host/protocol.ts'
import { documentStore, fragmentOf } from '../stores/document.ts'
import type { Fragment } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { targetsOf } from './connection-rules.ts'
import type { WireContext } from './connection-rules.ts'
import { GRID } from './geometry.ts'
import { placesOf, tidyPlaces } from './places.ts'
import type { Place } from './places.ts'

/** How far a copy lies from its original. */
export const COPY_OFFSET = 3 * GRID

export function wireContext(): WireContext {
  return { flow: documentStore.getState().flow, descriptors: runStore.getState().descriptors }
}

/** A node of this type as a save writes it: config at its default is left out. */
export function freshNode(type: string): FlowNode {
  const version = runStore.getState().descriptors.get(type)?.version ?? 1
  return version > 1 ? { type, version } : { type }
}

/** With heal, a node with one wire in and one out leaves a wire behind. */
export function removeSelection(heal = true): void {
  const { nodes, edges, select } = viewStore.getState()
  documentStore.getState().remove(nodes, edges, heal)
  select([])
}

export function selectAll(): void {
  viewStore.getState().select(Object.keys(documentStore.getState().flow.nodes))
}

export function nudgeSelection(dx: number, dy: number): void {
  const { flow, moveNodes } = documentStore.getState()
  const places = placesOf(flow)
  const moved = viewStore.getState().nodes.map((id): [string, [number, number]] => {
    const [x, y] = places[id] ?? [0, 0]
    return [id, [x + dx, y + dy]]
  })
  moveNodes(Object.fromEntries(moved))
}

export function duplicateSelection(): void {
  const fragment = selectedFragment()
  if (fragment) insertFragment(fragment, [COPY_OFFSET, COPY_OFFSET])
}

/** The selected nodes with their places and the wires among them; null where no node is selected. */
export function selectedFragment(): Fragment | null {
  const { flow } = documentStore.getState()
  const ids = viewStore.getState().nodes.filter((id) => flow.nodes[id])
  if (ids.length === 0) return null
  const places = placesOf(flow)
  const layout = Object.fromEntries(
    ids.map((id): [string, [number, number]] => [id, [...(places[id] ?? [0, 0])]]),
  )
  return { ...fragmentOf(flow, ids), layout }
}

/** Adds the fragment and selects what was added. */
export function insertFragment(fragment: Fragment, offset: Place): void {
  const ids = documentStore.getState().insert(fragment, [offset[0], offset[1]])
  viewStore.getState().select(ids)
}

/** Two or more selected nodes, else all. */
export function tidySelection(): void {
  const { flow, moveNodes } = documentStore.getState()
  const selected = viewStore.getState().nodes.filter((id) => flow.nodes[id])
  const ids = selected.length > 1 ? selected : Object.keys(flow.nodes)
  if (ids.length > 0) moveNodes(tidyPlaces(flow, ids, runStore.getState().descriptors))
}

/** Wires each selected node to the next one on its right; says so where a pair does not fit. */
export function connectSelection(): void {
  const { flow } = documentStore.getState()
  const { nodes, notify } = viewStore.getState()
  const places = placesOf(flow)
  const ordered = nodes
    .filter((id) => flow.nodes[id])
    .toSorted((a, b) => (places[a]?.[0] ?? 0) - (places[b]?.[0] ?? 0))
  if (ordered.length < 2) {
    notify('Select two or more nodes to connect them from left to right.')
    return
  }
  const refused: string[] = []
  asOneStep((step) => {
    for (const [index, to] of ordered.slice(1).entries()) {
      const from = ordered[index] ?? ''
      const wire = wireBetween(wireContext(), from, to)
      if ('reason' in wire) refused.push(wire.reason)
      else step(() => documentStore.getState().addEdge(wire.from, wire.to))
    }
  })
  if (refused[0] !== undefined) notify(refused[0], 'error')
}

/** The first pair of ports that fits, or why none does. */
export function wireBetween(
  context: WireContext,
  from: string,
  to: string,
): { from: string; to: string } | { reason: string } {
  const type = context.descriptors.get(context.flow.nodes[from]?.type ?? '')
  const all = Object.entries(type?.ports.out ?? {})
  const main = all.filter(([, port]) => port.type !== 'error')
  // Failed records are only sent on where nothing else can have been meant.
  const outputs = main.length > 0 ? main : all
  const tried = outputs.map(([port]) => ({
    port,
    targets: [...targetsOf(context, { node: from, port, direction: 'out' })].filter(
      ([end]) => endpointOf(end).node === to,
    ),
  }))
  for (const { port, targets } of tried) {
    const fitting = targets.find(([, verdict]) => verdict.ok)
    if (fitting) return { from: `${from}.${port}`, to: fitting[0] }
  }
  const name = (id: string) => context.flow.nodes[id]?.title ?? id
  if (!tried[0]) return { reason: `${name(from)} has no output to connect.` }
  const verdict = tried[0].targets[0]?.[1]
  if (!verdict || verdict.ok) return { reason: `${name(to)} takes no records: it has no input.` }
  return { reason: `${verdict.reason} ${verdict.fix}` }
}

/** Joins several changes of the document into one undo step: the first is recorded, the others ride along. */
function asOneStep(work: (step: (change: () => void) => void) => void): void {
  const history = documentStore.temporal.getState()
  try {
    work((change) => {
      change()
      history.pause()
    })
  } finally {
    history.resume()
  }
}
