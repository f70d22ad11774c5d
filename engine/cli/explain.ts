/** The plan of a run as text: `weir run --explain`. */
import type { Plan, PlanEdge } from '../host/protocol.ts'

/** One paragraph for each stage: its tier and workers, why, its nodes, and where its records go. */
export function explainPlan({ stages, nodes, edges }: Plan): string {
  const stageOf = new Map(nodes.map(({ id, stage }) => [id, stage]))
  const typeOf = new Map(nodes.map(({ id, type }) => [id, type]))
  const paragraphs = stages.map(({ nodes: members, tier, workers, why }, index) => {
    const crew = workers > 1 ? `${workers} workers` : '1 worker'
    const leaving = edges.filter(({ from, direct }) => !direct && stageOf.get(from.node) === index)
    return [
      `stage ${index + 1}: ${tier}, ${crew}`,
      `  why    ${why}`,
      ...members.map((id, at) => `  ${at === 0 ? 'nodes ' : '      '} ${id} (${typeOf.get(id)})`),
      ...leaving.map((edge, at) => `  ${at === 0 ? 'queues' : '      '} ${queueText(edge, stageOf)}`),
    ].join('\n')
  })
  return `${paragraphs.join('\n\n')}\n`
}

function queueText({ id, to, capacity }: PlanEdge, stageOf: ReadonlyMap<string, number>): string {
  return `${id}, to stage ${stageOf.get(to.node)! + 1}, ${capacity.records} records at most`
}
