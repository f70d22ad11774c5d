/** The list of node types: search, drag onto the canvas, double-click or Enter to add. */
import { Search } from 'lucide-react'
import { Tooltip } from 'radix-ui'
import { useMemo, useRef, useState } from 'react'
import { useRun } from '../app/use-stores.ts'
import { Keys } from '../app/keys.tsx'
import type { Kind, NodeDescriptor } from '../../engine/host/protocol.ts'
import { addNode } from './add-node.ts'
import { NodeIcon } from './node-icon.tsx'
import { rankTypes } from './rank.ts'

/** What a dragged node type travels as; the canvas takes it. */
export const NODE_MIME = 'application/x-weir-node'

const KINDS: [Kind, string][] = [
  ['generator', 'Generators'],
  ['processor', 'Processors'],
  ['consumer', 'Consumers'],
]

export function Palette() {
  const descriptors = useRun((state) => state.descriptors)
  const [query, setQuery] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const found = useMemo(() => rankTypes(descriptors.values(), { query }), [descriptors, query])

  const entries = () => [...(list.current?.querySelectorAll<HTMLButtonElement>('.palette-entry') ?? [])]
  /** Arrows walk through the list, from the search field on. */
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const all = entries()
    all[
      Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement as HTMLButtonElement) + step))
    ]?.focus()
  }
  return (
    <div className="palette" onKeyDown={onKeyDown}>
      <div className="palette-search">
        <Search size={15} strokeWidth={1.75} aria-hidden="true" />
        <input
          type="search"
          placeholder="Add a node"
          aria-label="Search nodes"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const first = found[0]
            if (event.key === 'Enter' && first && query !== '') addNode(first.type)
            if (event.key === 'Escape') setQuery('')
          }}
        />
        <Keys keys="N" />
      </div>
      <div className="palette-list" ref={list}>
        {KINDS.map(([kind, label]) => {
          const types = found.filter((descriptor) => descriptor.kind === kind)
          return (
            types.length > 0 && (
              <section key={kind} aria-label={label}>
                <h2>{label}</h2>
                <ul>
                  {types.map((descriptor) => (
                    <Entry key={descriptor.type} descriptor={descriptor} />
                  ))}
                </ul>
              </section>
            )
          )
        })}
        {found.length === 0 && query !== '' && <p className="palette-none">No node is called “{query}”.</p>}
      </div>
    </div>
  )
}

function Entry({ descriptor }: { descriptor: NodeDescriptor }) {
  const { type, kind, title, summary, look } = descriptor
  return (
    <li>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <button
            type="button"
            className="palette-entry"
            data-kind={kind}
            data-palette={type}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData(NODE_MIME, type)
              event.dataTransfer.effectAllowed = 'copy'
            }}
            onDoubleClick={() => addNode(type)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return
              event.preventDefault()
              addNode(type)
            }}
          >
            <NodeIcon name={look.icon} />
            {title}
          </button>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content className="tooltip" side="right" sideOffset={8}>
            {summary}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </li>
  )
}
