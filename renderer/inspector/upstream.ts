/** What reaches a node: the fields of its records, from the last run where it still fits, else from a short trial. */
import { useEffect, useReducer } from 'react'
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { FieldInfo, Flow } from '../../engine/host/protocol.ts'
import { baseDir } from '../app/documents.ts'
import { ownSources } from '../app/own-code.ts'
import { flowOfRun } from '../app/running.ts'
import { request } from '../app/session.ts'
import { useDocument } from '../app/use-stores.ts'
import { documentStore } from '../stores/document.ts'
import { live } from '../stores/live.ts'
import { runStore } from '../stores/run.ts'
import { useClient } from '../transport/current-client.ts'

export interface Upstream {
  fields: readonly FieldInfo[]
  /** A few records, for the type of records that are no objects. */
  records: readonly unknown[]
}

export const NOTHING_KNOWN: Upstream = { fields: [], records: [] }

/** Rest after an edit upstream before a new trial. */
const REST_MS = 400
const RECORDS = 30
const KEPT = 50
const known = new Map<string, Upstream>()

/** Starts empty and follows edits upstream; never throws. */
export function useUpstream(node: string): Upstream {
  const key = useDocument((state) => upstreamKey(state.flow, node))
  const client = useClient()
  const [, noticed] = useReducer((count: number) => count + 1, 0)

  useEffect(() => {
    if (!client || key === '' || known.has(key)) return
    let current = true
    const timer = setTimeout(async () => {
      const found = await lookUp(node).catch(() => NOTHING_KNOWN)
      if (found !== NOTHING_KNOWN) keep(key, found)
      if (current) noticed()
    }, REST_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [key, client, node])
  return known.get(key) ?? NOTHING_KNOWN
}

async function lookUp(node: string): Promise<Upstream> {
  const { flow } = documentStore.getState()
  const { run } = runStore.getState()
  const ran = flowOfRun()
  const edge = flow.edges.find(({ to }) => endpointOf(to).node === node)
  if (run && edge && ran && upstreamKey(ran, node) === upstreamKey(flow, node)) {
    const id = edgeId(edge)
    if ((live.edge(id)?.records ?? 0) > 0) {
      const { fields, records } = await request('tap', { runId: run.runId, edge: id, limit: RECORDS })
      if (records.length > 0) return { fields, records }
    }
  }
  const sample = await request('sample', {
    flow,
    node,
    baseDir: baseDir(),
    own: ownSources(flow),
    limit: RECORDS,
  })
  return sample.ok ? { fields: sample.fields, records: sample.records } : NOTHING_KNOWN
}

/** Equal texts mean that the same records reach the node; empty where nothing does. */
export function upstreamKey(flow: Flow, node: string): string {
  const seen = new Set<string>()
  const open = [node]
  const edges: string[] = []
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of flow.edges) {
      if (endpointOf(edge.to).node !== id) continue
      edges.push(edgeId(edge))
      const from = endpointOf(edge.from).node
      if (!seen.has(from)) {
        seen.add(from)
        open.push(from)
      }
    }
  }
  if (seen.size === 0) return ''
  const nodes = [...seen].sort().map((id) => [id, flow.nodes[id]?.type, flow.nodes[id]?.config])
  return JSON.stringify([nodes, edges.sort()])
}

function keep(key: string, upstream: Upstream): void {
  known.set(key, upstream)
  const oldest = known.keys().next().value
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
}
