/** How far the nodes behind a source go along with it, where several workers do shares of it. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Spread } from '../spec/shared-work.ts'
import type { FlowGraph, Wire } from './flow-graph.ts'

export interface Grown {
  nodes: string[]
  folds: string[]
  /** Edges to consumers of bytes. */
  encoded: string[]
  /** Other edges to nodes that part workers cannot run. */
  leaves: Wire[]
  /** Edges from elsewhere, whose records each worker needs all of. */
  copies: Wire[]
  /** Nodes whose records are told apart by their keys. */
  firsts: string[]
}

/**
 * The nodes that go along with the source, or why none does.
 * @param isLight whether its records take no longer to make than their keys to send
 */
export function grow(graph: FlowGraph, head: string, isLight: () => boolean): Grown | string {
  const told = grownFrom(graph, head, 'firsts')
  if (told.firsts.length > 0 && mayBeTold(graph, told) && !isLight()) return told
  // A share is then done as a whole, so that records of later ones would have to wait for those before.
  const spread = grownFrom(graph, head, 'spread')
  if (
    spread.copies.length > 0 &&
    spread.leaves.length === 0 &&
    spread.folds.length + spread.encoded.length > 0
  )
    return spread
  const grown = grownFrom(graph, head, 'plain')
  const { folds, encoded, leaves } = grown
  const obstacle = leaves.length > 0 && whyNotSent(graph, leaves, grown)
  if (obstacle) return `one worker: ${obstacle}`
  if (folds.length + encoded.length + leaves.length === 0)
    return 'one worker: nothing behind it takes its records'
  return grown
}

/**
 * Failed records leave by a queue: there are few.
 * @param mode `spread`: nodes go along that need all of another input, too; `firsts`: those that tell records apart by
 * their keys, and no folds, as pieces are done in turn
 */
function grownFrom(graph: FlowGraph, head: string, mode: 'plain' | 'spread' | 'firsts'): Grown {
  const nodes = [head]
  const copies: Wire[] = []
  const bytes: Wire[] = []
  const inside = new Set(nodes)
  for (let at = 0; at < nodes.length; at++) {
    for (const wire of onward(graph, nodes[at]!)) {
      const { to } = wire
      if (inside.has(to.node)) continue
      if (takesBytes(graph, wire)) {
        bytes.push(wire)
        continue
      }
      const spread = mode === 'spread' ? spreadOf(graph, to.node) : undefined
      const isTold = mode === 'firsts' && isToldApart(graph, to.node)
      if (!spread && !isTold && obstacleOf(graph, to.node) !== undefined) continue
      if (mode === 'firsts' && graph.isFold(to.node)) continue
      const isWhole = (wire: Wire) => wire.to.port === spread?.whole
      const [whole, over] = [
        graph.wiresInto(to.node).filter(isWhole),
        graph.wiresInto(to.node).filter((wire) => !isWhole(wire)),
      ]
      // A node that is fed by several goes along with the last of them.
      if (!over.every((wire) => inside.has(wire.from.node) && goesOn(graph, wire))) continue
      if (
        spread &&
        !(over.every(({ capacity }) => capacity === undefined) && mayBeCopied(graph, whole, head))
      )
        continue
      copies.push(...whole)
      inside.add(to.node)
      nodes.push(to.node)
    }
  }
  const leaves = nodes
    .flatMap((id) => onward(graph, id))
    .filter((wire) => !inside.has(wire.to.node) && !bytes.includes(wire))
  const folds = nodes.filter((id) => graph.isFold(id))
  const encoded = bytes.map(({ id }) => id)
  const firsts = nodes.filter((id) => graph.type(id).firsts !== undefined)
  return { nodes, folds, encoded, leaves, copies, firsts }
}

function isToldApart(graph: FlowGraph, id: string): boolean {
  return (
    graph.type(id).firsts !== undefined && graph.wiresInto(id).every(({ capacity }) => capacity === undefined)
  )
}

/** Whether all that leaves has been told apart before: what else is added up had better be so in shares. */
function mayBeTold(graph: FlowGraph, grown: Grown): boolean {
  const behind = new Set(grown.firsts)
  for (const id of behind) for (const { to } of onward(graph, id)) behind.add(to.node)
  // What memory cannot decide is sent.
  const isData = !grown.nodes.some((id) => !behind.has(id) && makesObjects(graph, id))
  return (
    isData &&
    grown.leaves.every(({ from }) => behind.has(from.node)) &&
    (grown.leaves.length === 0 || whyNotSent(graph, grown.leaves, grown) === undefined)
  )
}

/** The inputs of a node that needs all of one of them, and of the other one record at a time. */
function spreadOf(graph: FlowGraph, id: string): Spread | undefined {
  return graph.type(id).spread?.(graph.config(id))
}

/** Whether what comes by these wires can be there before the source begins, in all threads. */
function mayBeCopied(graph: FlowGraph, wires: readonly Wire[], head: string): boolean {
  const before = new Set(wires.map(({ from }) => from.node))
  for (const id of before) for (const { from } of graph.wiresInto(id)) before.add(from.node)
  return !before.has(head) && ![...before].some((id) => makesObjects(graph, id))
}

/**
 * Why records are not sent to nodes in the run's own thread, in their order. Shares are contiguous where there are folds,
 * and records of later ones would have to wait for the earlier ones.
 */
function whyNotSent(
  graph: FlowGraph,
  leaves: readonly Wire[],
  { nodes, folds }: Pick<Grown, 'nodes' | 'folds'>,
): string | undefined {
  const whyAlone = ({ to: { node } }: Wire) =>
    obstacleOf(graph, node) ?? `“${node}” gets its records from several places`
  const why = whyAlone(leaves[0]!)
  if (folds.length > 0) return `${why}, and others are added up`
  const queued = leaves.find(({ capacity }) => capacity !== undefined)
  if (queued) return `${whyAlone(queued)}, by a queue of its own`
  const maker = nodes.find((id) => makesObjects(graph, id))
  return maker === undefined ? undefined : `${why}, and what “${maker}” makes may not travel between threads`
}

/** Objects of classes arrive without their class. */
function makesObjects(graph: FlowGraph, id: string): boolean {
  const code = JSON.stringify(graph.config(id))
  return /\bnew\s+(?!Date\b)|\bSymbol\b|=>\s*\{|\bfunction\b|\bclass\b/.test(code)
}

/** Whether a consumer takes what one wire alone brings it as bytes, made by whoever has the records. */
function takesBytes(graph: FlowGraph, { to, capacity }: Wire): boolean {
  const { encode } = graph.type(to.node)
  return (
    encode?.(graph.config(to.node)) !== undefined &&
    graph.wiresInto(to.node).length === 1 &&
    capacity === undefined
  )
}

/** The wires that a part worker's records go over; what a fold makes comes from the merge. */
function onward(graph: FlowGraph, id: string): Wire[] {
  return graph.wiresOutOf(id).filter((wire) => goesOn(graph, wire))
}

function goesOn(graph: FlowGraph, { from }: Wire): boolean {
  return from.port !== ERROR_PORT_NAME && !graph.isFold(from.node)
}

/** Why a node cannot be run by part workers. */
function obstacleOf(graph: FlowGraph, id: string): string | undefined {
  const type = graph.type(id)
  if (graph.runsItself(id)) return `“${id}” takes its records in order, from one place`
  if (type.fold && !type.laws.packs) return `“${id}” needs all records in one place`
  if (type.each && !type.laws.stateless) return `“${id}” goes by the records before`
  return undefined
}
