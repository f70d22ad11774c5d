/** The popup that picks the next node: at the end of a dropped wire, on an edge, or anywhere by its key. */
import { Command } from 'cmdk'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useDocument, useRun, useView } from '../app/use-stores.ts'
import { canvasActions } from '../canvas/canvas-actions.ts'
import { viewStore } from '../stores/view.ts'
import type { PickerRequest } from '../stores/view.ts'
import { addPicked, spliceEnd, wireEnd } from './add-node.ts'
import { NodeIcon } from './node-icon.tsx'
import { rankTypes } from './rank.ts'
import { recentTypes } from './recent.ts'

const WIDTH = 288
const HEIGHT = 340
const MARGIN = 12

export function NodePicker() {
  const request = useView((state) => state.picker)
  return request && <Picker request={request} />
}

function close(): void {
  viewStore.getState().openPicker(null)
}

function Picker({ request }: { request: PickerRequest }) {
  const descriptors = useRun((state) => state.descriptors)
  const flow = useDocument((state) => state.flow)
  const [query, setQuery] = useState('')
  const host = useRef<HTMLDivElement>(null)
  const [recent] = useState(recentTypes)
  const found = useMemo(
    () =>
      rankTypes(descriptors.values(), {
        query,
        recent,
        wire: request.wire && wireEnd(flow, descriptors, request.wire),
        splice: request.splice === undefined ? undefined : spliceEnd(flow, request.splice),
      }),
    [descriptors, flow, query, recent, request],
  )

  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (!host.current?.contains(event.target as Node)) close()
    }
    addEventListener('pointerdown', onPointer, true)
    return () => removeEventListener('pointerdown', onPointer, true)
  }, [])

  const pick = (type: string) => {
    close()
    addPicked(type, request)
    canvasActions.focus()
  }
  const { x, y } = request.screen
  return (
    <div
      ref={host}
      className="picker"
      role="dialog"
      aria-label={request.wire ? 'Pick the next node' : 'Pick a node'}
      style={{
        left: Math.max(MARGIN, Math.min(x, innerWidth - WIDTH - MARGIN)),
        top: Math.max(MARGIN, Math.min(y, innerHeight - HEIGHT - MARGIN)),
        width: WIDTH,
        maxHeight: HEIGHT,
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
        canvasActions.focus()
      }}
    >
      <Command shouldFilter={false} label="Nodes" loop>
        <Command.Input
          autoFocus
          placeholder={placeholderOf(request)}
          value={query}
          onValueChange={setQuery}
        />
        <Command.List>
          {found.map((descriptor) => (
            <Command.Item
              key={descriptor.type}
              value={descriptor.type}
              onSelect={() => pick(descriptor.type)}
            >
              <span className="picker-icon" data-kind={descriptor.kind}>
                <NodeIcon name={descriptor.look.icon} />
              </span>
              <span className="picker-title">{descriptor.title}</span>
              <span className="picker-summary">{descriptor.summary}</span>
            </Command.Item>
          ))}
          <Command.Empty>
            {request.wire ? 'No node of that name fits this wire.' : 'No node of that name.'}
          </Command.Empty>
        </Command.List>
      </Command>
    </div>
  )
}

function placeholderOf(request: PickerRequest): string {
  if (request.splice !== undefined) return 'Put a node into this edge'
  if (!request.wire) return 'Add a node'
  return request.wire.direction === 'out' ? 'Continue with' : 'Feed it from'
}
