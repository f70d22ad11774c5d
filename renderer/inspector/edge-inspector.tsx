/** One selected edge: from where to where, how much may wait in it, what goes through it. */
import { ArrowRight } from 'lucide-react'
import { useMemo } from 'react'
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { Capacity } from '../../engine/host/protocol.ts'
import { bytes } from '../app/numbers.ts'
import { useDocument, useRun } from '../app/use-stores.ts'
import { formatCount } from '../canvas/format-numbers.ts'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { CapacityField } from './capacity-field.tsx'
import { LiveFacts } from './live-facts.tsx'
import { edgeFacts } from './node-facts.ts'

export function EdgeInspector({ id }: { id: string }) {
  const edge = useDocument((state) => state.flow.edges.find((candidate) => edgeId(candidate) === id))
  const planned = useRun((state) => state.run?.plan.edges.find((candidate) => candidate.id === id))
  const nodes = useDocument((state) => state.flow.nodes)
  const descriptors = useRun((state) => state.descriptors)
  const facts = useMemo(() => edgeFacts(id), [id])
  if (!edge) return null
  const [from, to] = [endpointOf(edge.from), endpointOf(edge.to)]
  const type = descriptors.get(nodes[from.node]?.type ?? '')?.ports.out[from.port]?.type ?? 'any'
  const setCapacity = (key: 'records' | 'bytes', value: number | undefined) => {
    const { [key]: _, ...rest } = edge.capacity ?? {}
    const next = (value === undefined ? rest : { ...rest, [key]: value }) as Capacity
    documentStore.getState().setCapacity(id, Object.keys(next).length === 0 ? undefined : next)
  }
  return (
    <div className="inspector">
      <header className="inspector-head">
        <div className="inspector-title edge-title">
          <button type="button" className="link" onClick={() => viewStore.getState().goTo(from.node)}>
            {nodes[from.node]?.title ?? from.node}
          </button>
          <ArrowRight size={14} strokeWidth={1.75} aria-label="to" />
          <button type="button" className="link" onClick={() => viewStore.getState().goTo(to.node)}>
            {nodes[to.node]?.title ?? to.node}
          </button>
        </div>
        <p>
          edge · <code>{from.port}</code> to <code>{to.port}</code>
          {type !== 'any' && ` · ${type}`}
        </p>
      </header>
      <div className="tab-content">
        {planned && (
          <>
            <LiveFacts facts={facts} />
            <button
              type="button"
              className="button wide"
              onClick={() => viewStore.getState().setInspect({ kind: 'edge', id })}
            >
              Show records
            </button>
          </>
        )}
        <div className="capacity">
          <h3>Capacity</h3>
          <p className="help">
            When one of the two is reached the sender waits. Empty:{' '}
            {formatCount(planned?.capacity.records ?? 10_000)} records,{' '}
            {bytes(planned?.capacity.bytes ?? 16_777_216)}.
          </p>
          <CapacityField
            label="Records"
            unit="records"
            value={edge.capacity?.records}
            range={[1, 10_000_000]}
            onChange={(value) => setCapacity('records', value)}
          />
          <CapacityField
            label="Bytes"
            unit="bytes"
            value={edge.capacity?.bytes}
            range={[1024, 4_294_967_296]}
            onChange={(value) => setCapacity('bytes', value)}
          />
        </div>
      </div>
    </div>
  )
}
