/** Builds flows of nodes in a row. */
import type { Flow } from '../../../engine/flow/model.ts'

export interface Step {
  id: string
  type: string
  config?: Record<string, unknown>
}

/** A flow whose nodes are wired one behind the other; a filter passes on what it keeps. */
export function chainFlow(name: string, steps: Step[]): Flow {
  return {
    weir: 1,
    name,
    nodes: Object.fromEntries(steps.map(({ id, type, config }) => [id, { type, ...(config && { config }) }])),
    edges: steps.slice(1).map((step, index) => wire(steps[index]!, step)),
    layout: {},
  }
}

/** The edge from the main output of one step to the input of another. */
export function wire(from: Step, to: Step): { from: string; to: string } {
  return { from: `${from.id}.${from.type === 'filter' ? 'kept' : 'out'}`, to: `${to.id}.in` }
}
