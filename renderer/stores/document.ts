/**
 * The document store: everything a save writes, with undo and redo. Running never touches it.
 * Untouched nodes and edges keep their identity through every change.
 */
import { temporal } from 'zundo'
import { createStore } from 'zustand/vanilla'
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { Capacity, Flow, FlowEdge, FlowNode, RunSettings } from '../../engine/host/protocol.ts'

export type Position = [number, number]

/** Part of a flow, as copied to the clipboard. */
export interface Fragment {
  nodes: Record<string, FlowNode>
  edges: FlowEdge[]
  layout: Record<string, Position>
}

export interface DocumentState {
  flow: Flow
  /** Absolute path of the file, null while it was never saved. */
  path: string | null
  mtimeMs: number | null
  /** The flow as it was last saved or opened; `flow === savedFlow` means clean. */
  savedFlow: Flow

  /** Puts another document in place; history starts anew. */
  load(flow: Flow, path: string | null, mtimeMs: number | null, dirty?: boolean): void
  markSaved(flow: Flow, path: string, mtimeMs: number): void

  setName(name: string): void
  /** How a run goes about the flow; undefined leaves it to the machine. */
  setRun(setting: 'workers' | 'memoryMb', value: number | undefined): void
  /** Adds a node and returns its id ("filter", "filter2", …). Optional edge is part of the same undo step. */
  addNode(
    node: FlowNode,
    position: Position,
    connect?: (id: string) => { from: string; to: string } | null,
  ): string
  /** Puts a node into an edge: edge.from → node → edge.to, one undo step. */
  spliceNode(edge: string, node: FlowNode, position: Position, ports: { in: string; out: string }): string
  /** Sets one config field (dotted path); undefined removes it. Keystrokes with the same node and field coalesce. */
  setConfig(node: string, field: string, value: unknown): void
  setTitle(node: string, title: string): void
  /** Changes the id everywhere; false where it is taken or not allowed. */
  renameNode(node: string, id: string): boolean
  setCapacity(edge: string, capacity: Capacity | undefined): void
  /** Positions of several nodes, one undo step. */
  moveNodes(positions: Record<string, Position>): void
  addEdge(from: string, to: string): void
  reconnectEdge(edge: string, from: string, to: string): void
  /** Removes nodes and edges; with heal a removed node with one wire in and one out leaves a wire behind. */
  remove(nodes: readonly string[], edges: readonly string[], heal?: boolean): void
  /** Adds a fragment under fresh ids, moved by the offset. Returns the new ids. */
  insert(fragment: Fragment, offset: Position): string[]
  /** Ends coalescing: the next keystroke starts a new undo step. Call it on blur. */
  endTyping(): void
}

export function emptyFlow(name = 'Untitled'): Flow {
  return { weir: 1, name, nodes: {}, edges: [], layout: {} }
}

const initial = emptyFlow()
let typing = ''

export const documentStore = createStore<DocumentState>()(
  temporal(
    (set, get) => {
      /** One undo step. `key` joins consecutive changes with the same key into one. */
      const changeFlow = (flow: Flow, key = '') => {
        const history = documentStore.temporal.getState()
        const join = key !== '' && key === typing
        if (join) history.pause()
        set({ flow })
        if (join) history.resume()
        typing = key
      }
      const change = (next: Partial<Flow>, key?: string) => changeFlow({ ...get().flow, ...next }, key)
      const changeNode = (id: string, update: (node: FlowNode) => FlowNode, key?: string) => {
        const { nodes } = get().flow
        const node = nodes[id]
        if (node) change({ nodes: { ...nodes, [id]: update(node) } }, key)
      }
      return {
        flow: initial,
        path: null,
        mtimeMs: null,
        savedFlow: initial,

        load(flow, path, mtimeMs, dirty = false) {
          typing = ''
          set({ flow, path, mtimeMs, savedFlow: dirty ? emptyFlow() : flow })
          documentStore.temporal.getState().clear()
        },
        markSaved(flow, path, mtimeMs) {
          const history = documentStore.temporal.getState()
          history.pause()
          set({ savedFlow: flow, path, mtimeMs })
          history.resume()
        },
        setName: (name) => change({ name }, 'name'),
        setRun(setting, value) {
          const { run: before, ...flow } = get().flow
          const { [setting]: _, ...others } = before ?? {}
          const run = (value === undefined ? others : { ...others, [setting]: value }) as RunSettings
          changeFlow({ ...flow, ...(Object.keys(run).length > 0 && { run }) } as Flow, `run ${setting}`)
        },
        addNode(node, position, connect) {
          const { nodes, edges, layout } = get().flow
          const id = freshId(node.type, nodes)
          const edge = connect?.(id)
          change({
            nodes: { ...nodes, [id]: node },
            layout: { ...layout, [id]: position },
            ...(edge && { edges: [...edges, edge] }),
          })
          return id
        },
        spliceNode(edge, node, position, ports) {
          const { nodes, edges, layout } = get().flow
          const id = freshId(node.type, nodes)
          change({
            nodes: { ...nodes, [id]: node },
            layout: { ...layout, [id]: position },
            edges: edges.flatMap((old) =>
              edgeId(old) === edge
                ? [
                    { from: old.from, to: `${id}.${ports.in}` },
                    { ...old, from: `${id}.${ports.out}` },
                  ]
                : [old],
            ),
          })
          return id
        },
        setConfig(node, field, value) {
          changeNode(
            node,
            (old) => ({
              ...old,
              config: setIn(old.config ?? {}, field.split('.'), value) as FlowNode['config'],
            }),
            `${node}.${field}`,
          )
        },
        setTitle(node, title) {
          changeNode(
            node,
            (old) => {
              const { title: _, ...rest } = old
              return title === '' ? (rest as FlowNode) : { ...old, title }
            },
            `${node} title`,
          )
        },
        renameNode(node, id) {
          const { nodes, edges, layout } = get().flow
          if (node === id) return true
          if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(id) || nodes[id]) return false
          const swap = (end: string) => {
            const at = endpointOf(end)
            return at.node === node ? `${id}.${at.port}` : end
          }
          change({
            nodes: Object.fromEntries(
              Object.entries(nodes).map(([key, value]) => [key === node ? id : key, value]),
            ),
            layout: Object.fromEntries(
              Object.entries(layout).map(([key, value]) => [key === node ? id : key, value]),
            ),
            edges: edges.map((edge) =>
              endpointOf(edge.from).node === node || endpointOf(edge.to).node === node
                ? { ...edge, from: swap(edge.from), to: swap(edge.to) }
                : edge,
            ),
          })
          return true
        },
        setCapacity(edge, capacity) {
          change(
            {
              edges: get().flow.edges.map((old) => {
                if (edgeId(old) !== edge) return old
                const { capacity: _, ...rest } = old
                return (capacity ? { ...rest, capacity } : rest) as FlowEdge
              }),
            },
            `${edge} capacity`,
          )
        },
        moveNodes(positions) {
          const { layout } = get().flow
          const moved = Object.entries(positions).filter(
            ([id, [x, y]]) => layout[id]?.[0] !== x || layout[id]?.[1] !== y,
          )
          if (moved.length > 0) change({ layout: { ...layout, ...Object.fromEntries(moved) } })
        },
        addEdge(from, to) {
          const { edges } = get().flow
          if (!edges.some((edge) => edge.from === from && edge.to === to))
            change({ edges: [...edges, { from, to }] })
        },
        reconnectEdge(edge, from, to) {
          change({
            edges: get().flow.edges.map((old) => (edgeId(old) === edge ? { ...old, from, to } : old)),
          })
        },
        remove(nodeIds, edgeIds, heal = true) {
          if (nodeIds.length === 0 && edgeIds.length === 0) return
          const { nodes, edges, layout } = get().flow
          const gone = new Set(nodeIds)
          const cut = new Set(edgeIds)
          const keep = ([id]: [string, unknown]) => !gone.has(id)
          let left = edges.filter((edge) => !cut.has(edgeId(edge)))
          if (heal) for (const id of nodeIds) left = healAround(id, left)
          left = left.filter(
            (edge) => !gone.has(endpointOf(edge.from).node) && !gone.has(endpointOf(edge.to).node),
          )
          change({
            nodes: Object.fromEntries(Object.entries(nodes).filter(keep)),
            layout: Object.fromEntries(Object.entries(layout).filter(keep)),
            edges: left,
          })
        },
        insert(fragment, [dx, dy]) {
          const { nodes, edges, layout } = get().flow
          const added: Flow['nodes'] = {}
          const places: Flow['layout'] = {}
          const ids = new Map<string, string>()
          for (const [old, node] of Object.entries(fragment.nodes)) {
            const id = freshId(old.replace(/\d+$/, '') || node.type, { ...nodes, ...added }, old)
            ids.set(old, id)
            added[id] = node
            const [x, y] = fragment.layout[old] ?? [0, 0]
            places[id] = [x + dx, y + dy]
          }
          const wires = fragment.edges.flatMap((edge) => {
            const from = endpointOf(edge.from)
            const to = endpointOf(edge.to)
            const [source, target] = [ids.get(from.node), ids.get(to.node)]
            return source && target
              ? [{ ...edge, from: `${source}.${from.port}`, to: `${target}.${to.port}` }]
              : []
          })
          change({
            nodes: { ...nodes, ...added },
            layout: { ...layout, ...places },
            edges: [...edges, ...wires],
          })
          return [...ids.values()]
        },
        endTyping() {
          typing = ''
        },
      } satisfies DocumentState
    },
    {
      partialize: ({ flow }) => ({ flow }),
      equality: (past, current) => past.flow === current.flow,
      limit: 500,
    },
  ),
)

/** Undo and redo also end coalescing, so that typing after an undo is a step of its own. */
export function undo(): void {
  typing = ''
  documentStore.temporal.getState().undo()
}
export function redo(): void {
  typing = ''
  documentStore.temporal.getState().redo()
}

export function isDirty(state: DocumentState): boolean {
  return state.flow !== state.savedFlow
}

/** The part of the flow that these nodes make up, with the edges among them. */
export function fragmentOf(flow: Flow, ids: Iterable<string>): Fragment {
  const wanted = new Set(ids)
  const pick = <Value>(all: Record<string, Value>) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => wanted.has(id)))
  return {
    nodes: pick(flow.nodes),
    edges: flow.edges.filter(
      (edge) => wanted.has(endpointOf(edge.from).node) && wanted.has(endpointOf(edge.to).node),
    ),
    layout: pick(flow.layout),
  }
}

function freshId(base: string, taken: Record<string, unknown>, exact?: string): string {
  if (exact !== undefined && !(exact in taken)) return exact
  if (!(base in taken)) return base
  for (let n = 2; ; n++) if (!(`${base}${n}` in taken)) return `${base}${n}`
}

/** Where a node has exactly one wire in and one out, joins its neighbours. */
function healAround(id: string, edges: FlowEdge[]): FlowEdge[] {
  const into = edges.filter((edge) => endpointOf(edge.to).node === id)
  const out = edges.filter((edge) => endpointOf(edge.from).node === id)
  const [before, after] = [into[0], out[0]]
  if (into.length !== 1 || out.length !== 1 || !before || !after) return edges
  const healed = { from: before.from, to: after.to }
  return edges.some((edge) => edgeId(edge) === edgeId(healed)) ? edges : [...edges, healed]
}

/** A copy with the value at the path; arrays stay arrays, undefined removes an object's key. */
function setIn(target: unknown, path: string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(target)) {
    const copy = [...target]
    copy[Number(key)] = setIn(copy[Number(key)], rest, value)
    return copy
  }
  const copy: Record<string, unknown> = { ...(target as Record<string, unknown> | undefined) }
  const next = setIn(copy[key], rest, value)
  if (next === undefined) delete copy[key]
  else copy[key] = next
  return copy
}
