/** One selected node: what it is, its settings, its meters, its docs. */
import { Tabs } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { FlowNode, NodeDescriptor } from '../../engine/host/protocol.ts'
import { useDocument, useRun, useView } from '../app/use-stores.ts'
import { NodeIcon } from '../palette/node-icon.tsx'
import { documentStore } from '../stores/document.ts'
import { LiveFacts } from './live-facts.tsx'
import { NodeDocs } from './node-docs.tsx'
import { allFacts, briefFacts } from './node-facts.ts'
import { NodeForm } from './node-form.tsx'
import { PortRoutes } from './port-routes.tsx'
import { StageWhy } from './stage-why.tsx'

export function NodeInspector({ id }: { id: string }) {
  const node = useDocument((state) => state.flow.nodes[id])
  const descriptor = useRun((state) => state.descriptors.get(node?.type ?? ''))
  if (!node) return null
  return (
    <div className="inspector">
      <header className="inspector-head">
        <div className="inspector-title">
          <span className="node-tile" data-kind={descriptor?.kind}>
            <NodeIcon name={descriptor?.look.icon ?? ''} />
          </span>
          <NodeTitle id={id} node={node} />
        </div>
        <p>
          {descriptor ? `${descriptor.title.toLowerCase()} · ${lowerFirst(descriptor.summary)}` : node.type}
        </p>
      </header>
      {descriptor ? <NodeTabs id={id} node={node} descriptor={descriptor} /> : <UnknownType node={node} />}
    </div>
  )
}

function NodeTabs({ id, node, descriptor }: { id: string; node: FlowNode; descriptor: NodeDescriptor }) {
  const edges = useDocument((state) => state.flow.edges)
  const ran = useRun((state) => state.run?.plan.nodes.some((planned) => planned.id === id) ?? false)
  const brief = useMemo(() => briefFacts(id, descriptor, edges), [id, descriptor, edges])
  const all = useMemo(() => allFacts(id, descriptor), [id, descriptor])
  const [tab, setTab] = useState('settings')
  const wanted = useView(({ focusField }) => focusField?.node === id)
  if (wanted && tab !== 'settings') setTab('settings')
  return (
    <Tabs.Root className="tabs" value={tab} onValueChange={setTab}>
      <Tabs.List className="tab-list" aria-label="About this node">
        <Tabs.Trigger className="tab" value="settings">
          Settings
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="meters">
          Meters
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="docs">
          Docs
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content className="tab-content" value="settings" tabIndex={-1}>
        <NodeForm key={id} id={id} node={node} descriptor={descriptor} />
        <PortRoutes id={id} descriptor={descriptor} />
        {ran && (
          <section className="brief" aria-label="Meters">
            <LiveFacts facts={brief} />
          </section>
        )}
      </Tabs.Content>
      <Tabs.Content className="tab-content" value="meters" tabIndex={-1}>
        {ran ? (
          <>
            <LiveFacts facts={all} />
            <StageWhy node={id} />
          </>
        ) : (
          <p className="quiet">Press Run: then its counts and times are here.</p>
        )}
      </Tabs.Content>
      <Tabs.Content className="tab-content" value="docs" tabIndex={-1}>
        <NodeDocs descriptor={descriptor} />
      </Tabs.Content>
    </Tabs.Root>
  )
}

function NodeTitle({ id, node }: { id: string; node: FlowNode }) {
  const [leaving, setLeaving] = useState('')
  return (
    <input
      className="node-title"
      aria-label="Title of the node"
      maxLength={120}
      placeholder={id}
      value={node.title ?? ''}
      onFocus={() => setLeaving(node.title ?? '')}
      onChange={(event) => documentStore.getState().setTitle(id, event.target.value)}
      onBlur={() => documentStore.getState().endTyping()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') documentStore.getState().setTitle(id, leaving)
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}

function UnknownType({ node }: { node: FlowNode }) {
  return (
    <div className="tab-content">
      <p className="field-problem">
        This version of Weir has no node type “{node.type}”. The node is kept as it is; delete it or open the
        flow with the version that made it.
      </p>
      <pre className="raw">
        <code>{JSON.stringify(node.config ?? {}, null, 2)}</code>
      </pre>
    </div>
  )
}

function lowerFirst(text: string): string {
  // Abbreviations keep their capitals.
  return /^[A-Z][^A-Z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
