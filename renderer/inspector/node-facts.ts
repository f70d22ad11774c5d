/** What is told about a node while it runs: briefly under its settings, in full under Meters. */
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { FlowEdge, NodeDescriptor } from '../../engine/host/protocol.ts'
import { bytes } from '../app/numbers.ts'
import { isUsual, stageOf, tierSpeech } from '../app/plan-words.ts'
import { formatCount, formatPercent, formatRate, formatRecords } from '../canvas/format-numbers.ts'
import { live } from '../stores/live.ts'
import type { LiveNode } from '../stores/live.ts'
import type { Fact } from './live-facts.tsx'

/** In, then each port that is wired, then what failed. */
export function briefFacts(id: string, descriptor: NodeDescriptor, edges: readonly FlowEdge[]): Fact[] {
  const wired = Object.keys(descriptor.ports.out).flatMap((port) => {
    const edge = edges.find(({ from }) => from === `${id}.${port}`)
    return edge ? [{ label: port, read: () => recordsOf(edgeId(edge)) }] : []
  })
  return [
    ...(Object.keys(descriptor.ports.in).length > 0
      ? [meter(id, 'in', (node) => formatRecords(node.in, node.about))]
      : []),
    ...(wired.length === 0
      ? [meter(id, 'out', (node) => (node.out > 0 ? formatRecords(node.out, node.about) : undefined))]
      : wired),
    ...errorFact(id),
    meter(id, 'rate', (node) =>
      node.state === 'running' || node.rate > 0 ? formatRate(node.rate) : undefined,
    ),
  ]
}

export function allFacts(id: string, descriptor: NodeDescriptor): Fact[] {
  const takes = Object.keys(descriptor.ports.in).length > 0
  const gives = Object.keys(descriptor.ports.out).some((port) => descriptor.ports.out[port]?.type !== 'error')
  return [
    meter(id, 'state', (node) => node.state),
    ...(takes ? [meter(id, 'in', (node) => formatRecords(node.in, node.about))] : []),
    ...(gives ? [meter(id, 'out', (node) => formatRecords(node.out, node.about))] : []),
    meter(id, 'rate', (node) => formatRate(node.rate)),
    ...errorFact(id),
    meter(id, 'without a wire', (node) =>
      node.dropped > 0 ? formatRecords(node.dropped, node.about) : undefined,
    ),
    meter(id, 'read or written', (node) => (node.bytes > 0 ? bytes(node.bytes) : undefined)),
    meter(id, 'working', (node) => formatPercent(node.working)),
    meter(id, 'waiting', (node) => formatPercent(node.waiting)),
    meter(id, 'blocked', (node) => formatPercent(node.blocked)),
    { label: 'stage', read: () => stageText(id) },
    { label: 'run by', read: () => crewText(id) },
  ]
}

/** Of an edge. */
export function edgeFacts(id: string): Fact[] {
  const of = (
    label: string,
    text: (edge: NonNullable<ReturnType<typeof live.edge>>) => string | undefined,
  ): Fact => ({
    label,
    read: () => {
      const edge = live.edge(id)
      return edge && text(edge)
    },
  })
  return [
    of('records', (edge) => formatRecords(edge.records, edge.about)),
    of('rate', (edge) => formatRate(edge.rate)),
    of('size', (edge) => (edge.bytes > 0 ? `≈ ${bytes(edge.bytes)}` : undefined)),
    of('waiting', (edge) => (edge.direct ? undefined : formatCount(edge.queued))),
    of('full', (edge) => (edge.direct ? undefined : formatPercent(edge.fill))),
    of('not wanted any more', (edge) => (edge.dropped > 0 ? formatCount(edge.dropped) : undefined)),
    of('kind', (edge) => (edge.direct ? 'direct, inside a stage' : 'channel between stages')),
  ]
}

function errorFact(id: string): Fact[] {
  return [meter(id, 'failed', (node) => (node.errors > 0 ? formatCount(node.errors) : undefined))]
}

function meter(id: string, label: string, text: (node: LiveNode) => string | undefined): Fact {
  return {
    label,
    read: () => {
      const node = live.node(id)
      return node && text(node)
    },
  }
}

function recordsOf(edge: string): string | undefined {
  const found = live.edge(edge)
  return found && formatRecords(found.records, found.about)
}

/** "kernel tier, 2 workers"; the reason stands beneath (StageWhy). */
function crewText(id: string): string | undefined {
  const stage = stageOf(live.plan, id)
  return stage && (isUsual(stage) ? 'row tier, 1 worker' : tierSpeech(stage))
}

function stageText(id: string): string | undefined {
  const node = live.plan?.nodes.find((candidate) => candidate.id === id)
  if (!node) return undefined
  const others = (live.plan?.stages[node.stage]?.nodes ?? []).filter((other) => other !== id)
  return others.length === 0 ? `${node.stage + 1}, alone` : `${node.stage + 1}, with ${others.join(', ')}`
}

/** The edges that touch a node. */
export function edgesOf(edges: readonly FlowEdge[], id: string): FlowEdge[] {
  return edges.filter(({ from, to }) => endpointOf(from).node === id || endpointOf(to).node === id)
}
