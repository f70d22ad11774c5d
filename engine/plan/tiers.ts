/**
 * The tiers whose part workers do shares of a source in another way than the row tier, as the planner asks them: each
 * says how far it takes the chain behind a source. What they say is carried out by engine/runtime/tier-work.ts.
 */
import type { FileShare } from '../formats/file-part.ts'
import type { Tier } from '../host/protocol.ts'
import type { NodeIo } from '../spec/node.ts'
import { kernelProgram } from '../kernel/program.ts'
import { writeProgram } from '../kernel/write-program.ts'
import type { ChainNode } from '../spec/chain-node.ts'

export interface TierOffer {
  /** The nodes of the chain that it takes, from the source on; the last one is a fold, unless it `writes`. */
  nodes: string[]
  /**
   * The last node is a consumer with `encode`, and gets bytes (`PartOutput.encoded`, by the edge into it). Workers then
   * take pieces of the source in turn, so that what is written keeps its order.
   */
  writes?: boolean
  /** What the last node holds says in which piece of the source it first saw things: workers may take pieces in turn. */
  pieces?: boolean
  /** What the workers have to know; structured clone takes it. */
  program: unknown
  /** One sentence for people, without a full stop. */
  why: string
}

export interface PlannedTier {
  tier: Exclude<Tier, 'row'>
  /** Reads no more than the head of a file. A text says why not. */
  offer(chain: readonly ChainNode[], facts: Pick<NodeIo, 'resolve'>): TierOffer | string
  /** Whether it can read what the source was cut into. */
  reads(parts: readonly unknown[]): boolean
}

const kernel: PlannedTier = {
  tier: 'kernel',
  offer: (chain) => {
    const program = kernelProgram(chain)
    if (program) {
      const nodes = program.top ? [...program.nodes, program.top.node] : program.nodes
      // To find out where a row of CSV begins takes a look at all that lies before it.
      return { nodes, program, why: program.why, pieces: program.format !== 'csv' }
    }
    const writing = writeProgram(chain)
    if (!writing) return 'its nodes are not of a kind that works on bytes'
    return { nodes: writing.nodes, program: writing, why: writing.why, writes: true }
  },
  reads: (parts) => (parts as FileShare[]).every((share) => share.every(({ packed }) => !packed)),
}

/** In the order in which they are asked. */
export const PLANNED_TIERS: readonly PlannedTier[] = [kernel]
