/** The plan of a run as text: `weir run --explain`. */
import type { Limits } from '../host/usual-limits.ts'
import type { Plan, PlanEdge, PlanStage } from '../host/protocol.ts'
import type { ExplainedFile } from './explain-files.ts'
import { bytesText, countText } from './number-text.ts'
import { wrap } from './wrap.ts'

/** What there is to say before a run; `--json` prints it as it is. */
export interface ExplainedPlan extends Plan, Limits {
  name: string
  files: ExplainedFile[]
}

/**
 * The limits, then each stage in order: its tier and workers, why, its nodes with their files, and where records leave
 * it, through which queue or merged from which workers.
 */
export function explainPlan(plan: ExplainedPlan): string {
  const { name, stages, workers, memoryMb } = plan
  const columns = columnsOf(plan)
  return [
    `${name}: ${numberOf(stages.length, 'stage')}, at most ${numberOf(workers, 'worker')}, ` +
      `${countText(memoryMb)} MB for what nodes hold (the rest goes to disk)`,
    ...stages.map((stage, index) => stageText(plan, stage, index, columns)),
  ]
    .join('\n\n')
    .concat('\n')
}

/** Under the number of a stage. */
const INDENT = '   '

interface Columns {
  id: number
  type: number
}

function columnsOf({ nodes }: Plan): Columns {
  const widest = (texts: string[]) => Math.max(0, ...texts.map((text) => text.length))
  return { id: widest(nodes.map(({ id }) => id)), type: widest(nodes.map(({ type }) => type)) }
}

function stageText(plan: ExplainedPlan, stage: PlanStage, index: number, columns: Columns): string {
  const { tier, workers, why, nodes } = stage
  const lines = nodes.flatMap((id) => nodeLines(plan, id, index, columns))
  return [
    `${index + 1}  ${tier}, ${numberOf(workers, 'worker')}`,
    ...(why === '' ? [] : [wrap(sentence(why), INDENT)]),
    ...lines.map((line) => `${INDENT}${line}`),
  ].join('\n')
}

/** The node, and a line for each thing to know about it. */
function nodeLines(plan: ExplainedPlan, id: string, stage: number, columns: Columns): string[] {
  const type = plan.nodes.find((node) => node.id === id)?.type ?? ''
  const notes = [
    ...plan.files.filter(({ node }) => node === id).map(fileText),
    ...plan.edges.filter(({ from }) => from.node === id).flatMap((edge) => leaving(plan, edge, stage)),
  ]
  const name = `  ${id.padEnd(columns.id)}  ${type.padEnd(columns.type)}  `
  const [first = '', ...others] = notes
  return [`${name}${first}`.trimEnd(), ...others.map((note) => `${' '.repeat(name.length)}${note}`)]
}

function fileText({ path, writes, bytes }: ExplainedFile): string {
  const verb = writes ? 'writes' : 'reads'
  return `${verb} ${path}${bytes === null || writes ? '' : `, ${bytesText(bytes)}`}`
}

/** Nothing for an edge inside the stage: that is a call. */
function leaving({ nodes, stages }: Plan, { from, to, direct, capacity }: PlanEdge, stage: number): string[] {
  const target = nodes.find(({ id }) => id === to.node)?.stage ?? stage
  if (direct && target === stage) return []
  const { workers } = stages[stage]!
  const how = direct
    ? workers > 1
      ? `merged from ${numberOf(workers, 'worker')}`
      : 'handed over, without a queue'
    : `a queue of at most ${countText(capacity.records)} records or ${bytesText(capacity.bytes)}`
  const port = from.port === 'out' ? '' : `${from.port} `
  return [`${port}→ ${to.node} (stage ${target + 1}): ${how}`]
}

function numberOf(count: number, thing: string): string {
  return `${countText(count)} ${thing}${count === 1 ? '' : 's'}`
}

function sentence(why: string): string {
  return `${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, '')}.`
}
