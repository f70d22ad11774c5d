/** A node on the canvas: what it is, what it does with its settings, and how its time goes. */
import { memo, useLayoutEffect, useMemo, useRef } from 'react'
import type { NodeProps } from '@xyflow/react'
import { problemTitle } from './node-words.ts'
import { NodeIcon } from '../palette/node-icon.tsx'
import { onLive } from './edge-readings.ts'
import { faceText, withFileNames } from './face-text.ts'
import type { CardNode } from './flow-graph.ts'
import { useDetail } from './level-of-detail.ts'
import { nodePainter } from './node-painter.ts'
import { useNodeProblems } from './node-problems.ts'
import { PortHandle, PortMark } from './port-handle.tsx'
import { TierChip } from './tier-chip.tsx'

function Card({ id, data: { node, descriptor, ports } }: NodeProps<CardNode>) {
  const card = useRef<HTMLDivElement>(null)
  const sign = useRef<SVGUseElement>(null)
  const working = useRef<HTMLSpanElement>(null)
  const blocked = useRef<HTMLSpanElement>(null)
  const rejected = useRef<HTMLSpanElement>(null)
  const boxes = useDetail() === 'boxes'
  const problems = useNodeProblems(id)
  const name = node.title ?? id
  const spoken = `${descriptor?.title ?? node.type} ${name}`
  const face = useMemo(
    () =>
      descriptor
        ? faceText(descriptor.look.face, withFileNames(node.config, descriptor), descriptor.defaults)
        : `unknown type ${node.type}`,
    [descriptor, node],
  )

  useLayoutEffect(() => {
    const parts = {
      card: card.current!,
      sign: sign.current!,
      working: working.current!,
      blocked: blocked.current!,
      rejected: rejected.current!,
    }
    return onLive(nodePainter(id, { name: spoken, problems: problems.length }, parts))
  }, [id, spoken, problems.length])

  const severe = problems.some(({ severity }) => severity === 'error')
  return (
    <div
      ref={card}
      className="canvas-card"
      data-node={id}
      data-kind={descriptor?.kind ?? 'unknown'}
      data-boxes={boxes || undefined}
    >
      {ports.map((port) => {
        const key = `${port.direction} ${port.name}`
        return boxes ? <PortMark key={key} port={port} /> : <PortHandle key={key} node={id} port={port} />
      })}
      {!boxes && (
        <>
          <span className="canvas-card-icon">
            <NodeIcon name={descriptor?.look.icon ?? 'unplug'} size={16} />
          </span>
          <span className="canvas-card-text">
            <span className="canvas-card-title">{name}</span>
            <span className="canvas-card-face">{face || descriptor?.title}</span>
          </span>
        </>
      )}
      <svg className="canvas-card-sign" aria-hidden="true">
        <use ref={sign} />
      </svg>
      <span className="canvas-card-time" aria-hidden="true">
        <span ref={working} className="canvas-card-working" />
        <span ref={blocked} className="canvas-card-blocked" />
      </span>
      <span className="canvas-card-badges">
        {problems.length > 0 && (
          <span
            className="canvas-badge"
            data-tone={severe ? 'error' : 'warning'}
            title={problemTitle(problems)}
          >
            !
          </span>
        )}
        <span ref={rejected} className="canvas-badge" data-tone="rejected" title="Rejected records" hidden />
      </span>
      {!boxes && <TierChip node={id} />}
    </div>
  )
}

export const CardComponent = memo(Card)
