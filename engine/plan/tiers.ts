/**
 * The tiers whose part workers do shares of a source in another way than the row tier, as the planner asks them: each says how far it takes the chain behind a source. One line each;
 * what they say is carried out by engine/runtime/tier-work.ts.
 */
import type { Tier } from '../host/protocol.ts'
import type { NodeIo } from '../spec/node.ts'
import type { ChainNode } from './chain.ts'

export interface TierOffer {
  /** The nodes of the chain that it takes, from the source on; the last one is a fold. */
  nodes: string[]
  /** What the workers have to know; structured clone takes it. */
  program: unknown
  /** One sentence for people, without a full stop. */
  why: string
}

export interface PlannedTier {
  tier: Exclude<Tier, 'row'>
  /** Reads no more than the head of a file. A text says why not. */
  offer(chain: readonly ChainNode[], facts: Pick<NodeIo, 'resolve'>): TierOffer | string
}

/** In the order in which they are asked. */
export const PLANNED_TIERS: readonly PlannedTier[] = []
