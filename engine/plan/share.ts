/**
 * Whether a source and the nodes behind it can be done in shares by several workers, each share by one. Records must
 * not need each other before a fold: each node is stateless, and whatever leaves is held by a fold that can be
 * merged, or has failed.
 */
import { basename } from 'node:path'
import type { Split, SplitWish } from '../spec/node.ts'
import type { Tier } from '../host/protocol.ts'
import { chainFrom } from './chain.ts'
import type { FlowGraph } from './flow-graph.ts'
import { grow, type Grown } from './grow.ts'
import { LEAST, TURN_BYTES, type PlanOptions } from './plan-options.ts'
import { PLANNED_TIERS, type TierOffer } from './tiers.ts'

export interface Share {
  tier: Tier
  /** The source, then what each of its records meets, in that order. */
  nodes: string[]
  /** Those whose records are made in the run's thread. */
  merges: string[]
  workers: number
  /** Those whose states the workers divide by key. */
  exchanges: string[]
  /** One share for each worker, or more, which they do in turn. */
  parts: unknown[]
  /** From how much left on a share may be ceded; absent: none is. */
  cedes?: number
  /** Edges to consumers that get bytes. */
  encoded: string[]
  /** Edges that records leave by as they are. */
  leaves: string[]
  /** Edges from elsewhere whose records each worker gets. */
  copies: string[]
  /** Nodes whose records the run's thread tells apart by their keys. */
  firsts: string[]
  program?: unknown
  /** The whole work: bytes or records, as the source counts its progress. */
  amount: number
  why: string
}

/** How the stage of a source is worked on by several, or in another tier; or one sentence that says why it is neither. */
export function shareOf(graph: FlowGraph, head: string, options: PlanOptions): Share | string {
  return tierShareOf(graph, head, options) ?? rowShareOf(graph, head, options)
}

function tierShareOf(graph: FlowGraph, head: string, options: PlanOptions): Share | undefined {
  const { workers = 1, io, least = LEAST, turnBytes = TURN_BYTES, tier: allowed } = options
  if (!io || allowed === 'row') return undefined
  const chain = chainFrom(graph, head)
  for (const { tier, offer, reads } of PLANNED_TIERS) {
    if (allowed !== undefined && tier !== allowed) continue
    const offered = offer(chain, io)
    if (typeof offered === 'string') continue
    const config = graph.config(head)
    const cut = (wish: SplitWish) => graph.type(head).split?.({ config, io }, wish)
    const whole = cut({ parts: 1 })
    if (!whole || !reads(whole.parts)) continue
    const large = workers > 1 && (whole.bytes ?? 0) >= least.kernelBytes
    const piece = Math.max(turnBytes, Math.ceil((whole.bytes ?? 0) / (workers * PIECES)))
    const isCutSmall = offered.writes || offered.pieces
    const split = (large && cut(isCutSmall ? { bytes: piece } : { parts: workers })) || whole
    return sharedIn(tier, offered, { graph, split, workers, source: nameOf(head, config) })
  }
  return undefined
}

/** Pieces for each worker at most: so many that none has to wait long for the last ones. */
const PIECES = 64

/** Workers from which on records are sent that nothing was done to: with two, packing takes what reading by both gains. */
const SENDERS = 3

interface Cut {
  graph: FlowGraph
  split: Split
  workers: number
  source: string
}

function sharedIn(tier: Tier, offered: TierOffer, { graph, split, workers, source }: Cut): Share {
  const { nodes, program, writes, why } = offered
  const { parts, bytes = 0 } = split
  const crew = Math.min(workers, parts.length)
  const last = nodes.at(-1)!
  const common = {
    tier,
    workers: crew,
    exchanges: [],
    parts,
    leaves: [],
    copies: [],
    firsts: [],
    amount: bytes,
    program,
  }
  if (writes) {
    const encoded = graph.wiresInto(last).map(({ id }) => id)
    const turns = crew > 1 ? `${whoTakesTurns(crew, source)} ${AND_BYTES}; ` : ''
    return { ...common, nodes: nodes.slice(0, -1), merges: [], encoded, why: turns + why }
  }
  const who = crew > 1 ? `${whoReads(split, source, crew)}; ` : ''
  // Where all groups leave, each worker sends its own as they are.
  const exchanges = crew > 1 ? nodes.filter((id) => id !== last && isKeyed(graph, id)) : []
  const where = exchanges.length > 0 ? `${whatIsExchanged(exchanges, crew)}; ` : ''
  return { ...common, exchanges, nodes, merges: [last], encoded: [], why: who + where + why }
}

function rowShareOf(graph: FlowGraph, head: string, options: PlanOptions): Share | string {
  const { workers = 1, io, least = LEAST, turnBytes = TURN_BYTES } = options
  const type = graph.type(head)
  if (!type.split) return `one worker: “${head}” makes its records one after the other`
  if (workers < 2 || !io) return 'one worker: no more are allowed'
  const config = graph.config(head)
  const source = nameOf(head, config)
  const cut = (wish: SplitWish) => type.split!({ config, io }, wish)
  const halves = cut({ parts: workers })
  const grown = grow(graph, head, () => halves?.light === true || halves?.bytes === undefined)
  if (typeof grown === 'string') return grown
  if (!halves || halves.parts.length < 2) return `one worker: ${source} cannot be read in shares`
  if ((halves.bytes ?? Infinity) < least.rowBytes || (halves.records ?? Infinity) < least.records)
    return `one worker: ${source} is too small to be worth more`
  const { nodes, folds, encoded, leaves, copies, firsts } = grown
  const isBare = leaves.some(({ from }) => from.node === head)
  if (leaves.length > 0 && (halves.bytes === undefined || (isBare && halves.light)))
    return `one worker: the records of ${source} are made as fast as they could be sent`
  if (isBare && workers < SENDERS)
    return `one worker: to send the records of ${source} as they are costs what a second one gains`
  const inTurns = folds.length + copies.length === 0
  const split = inTurns ? cut({ bytes: turnBytes }) : halves
  if (!split || split.parts.length < 2) return `one worker: ${source} cannot be read in pieces`
  const crew = Math.min(workers, split.parts.length)
  const exchanges = folds.filter((id) => isKeyed(graph, id))
  return {
    tier: 'row',
    nodes,
    merges: folds,
    workers: crew,
    exchanges,
    parts: split.parts,
    encoded,
    leaves: leaves.map(({ id }) => id),
    copies: copies.map(({ id }) => id),
    firsts,
    ...(!inTurns &&
      copies.length === 0 && { cedes: split.bytes === undefined ? least.cededRecords : least.cededBytes }),
    amount: split.bytes ?? split.records ?? 0,
    why: inTurns
      ? [`${whoTakesTurns(crew, source)} ${whereTheyGo(graph, grown)}`, ...whoTellsApart(firsts)].join('; ')
      : [
          whoReads(split, source),
          ...whatIsCopied(grown),
          ...whatIsMerged(folds),
          ...whatIsDivided(exchanges, crew),
          ...whatWaits(graph, encoded),
        ].join('; '),
  }
}

function nameOf(head: string, config: Record<string, unknown>): string {
  const { path } = config
  return typeof path === 'string' ? basename(path) : `“${head}”`
}

function whoReads({ parts, bytes }: Split, source: string, workers = parts.length): string {
  if (parts.length > workers) return `${workers} workers take pieces of ${source} in turn`

  const share = parts.length === 2 ? 'half' : 'a share'
  return `each of ${parts.length} workers ${bytes === undefined ? 'makes' : 'reads'} ${share} of ${source}`
}

function whoTakesTurns(workers: number, source: string): string {
  return `${workers} workers take pieces of ${source} in turn`
}

const EXCHANGED = 'exchanged by the hash of their keys between'

function whatIsExchanged(nodes: readonly string[], workers: number): string {
  return `the groups of ${nodes.map((id) => `“${id}”`).join(' and ')} are ${EXCHANGED} ${workers} workers`
}

function isKeyed(graph: FlowGraph, id: string): boolean {
  return graph.type(id).keyed?.(graph.config(id)) ?? false
}

function whoTellsApart(firsts: readonly string[]): string[] {
  if (firsts.length === 0) return []
  const names = firsts.map((id) => `“${id}”`).join(' and ')
  return [
    `which records of ${names} are the first of their key is decided in the run’s own thread, by the keys alone`,
  ]
}

function whatIsCopied({ copies }: Grown): string[] {
  const nodes = [...new Set(copies.map(({ to }) => `“${to.node}”`))]
  return nodes.length === 0
    ? []
    : [`each has a copy of what ${nodes.join(' and ')} ${nodes.length > 1 ? 'hold' : 'holds'}`]
}

function whatIsDivided(exchanges: readonly string[], workers: number): string[] {
  return exchanges.length === 0 ? [] : [`many groups are first ${EXCHANGED} ${workers} workers`]
}

function whatIsMerged(folds: readonly string[]): string[] {
  if (folds.length === 0) return []
  const names = folds.map((id) => `“${id}”`).join(' and ')
  return [
    `what ${names} ${folds.length > 1 ? 'hold' : 'holds'} is merged at the end, in the run’s own thread`,
  ]
}

function whatWaits(graph: FlowGraph, encoded: readonly string[]): string[] {
  const nodes = graph.ids.filter((id) => graph.wiresInto(id).some((wire) => encoded.includes(wire.id)))
  if (nodes.length === 0) return []
  const names = nodes.map((id) => `“${id}”`).join(' and ')
  return [`bytes of later shares wait on disk until it is their turn to be written by ${names}`]
}

const AND_BYTES = 'and make bytes of the records, which are written in their order'

function whereTheyGo(graph: FlowGraph, { encoded, leaves }: Grown): string {
  const nodes = [...new Set(leaves.map(({ to }) => `“${to.node}”`))].join(' and ')
  if (leaves.length === 0) return AND_BYTES
  const isWired = (node: string) => (port: string) =>
    graph.wiresOutOf(node).some(({ from }) => from.port === port)
  const sieved = leaves.some(({ to: { node } }) =>
    graph.type(node).sieve?.(graph.config(node), isWired(node)),
  )
  const but = sieved ? ', but for the duplicates that a worker finds among its own' : ''
  return `${encoded.length > 0 ? `${AND_BYTES}, ` : ''}and send their records to ${nodes} in their order${but}`
}
