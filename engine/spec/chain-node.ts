/** A node of a chain, as the planner shows it to the tiers: each node's records go to the next one only. */
export interface ChainNode {
  id: string
  type: string
  /** As its schema has parsed it. */
  config: Record<string, unknown>
  /** The output that leads to the next node; of the last one, any. */
  port: string
}
