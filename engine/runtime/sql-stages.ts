/** The stages of a run that DuckDB does: which nodes and edges are its business, and how such a stage is started. */
import { FlowGraph } from '../plan/flow-graph.ts'
import type { RunPlan, SqlStage } from '../plan/run-plan.ts'
import { treeOfStage } from '../plan/sql-tree.ts'
import type { Flow, PlanEdge } from '../host/protocol.ts'
import type { AnyNodeType, NodeIo } from '../spec/node.ts'
import { NodeError } from '../spec/node-error.ts'
import { sqlProgram } from '../sql/program.ts'
import type { SqlProgram } from '../sql/program-parts.ts'
import type { SqlLimits } from '../sql/sql-limits.ts'
import type { Channel, Queued } from './channel.ts'
import { NodeFailure } from './failure.ts'
import type { MergeNode } from './merge-node.ts'
import type { MergeContext } from './part-work.ts'
import { SqlRecords } from './sql-records.ts'

export interface SqlStageSetup {
  flow: Flow
  registry: ReadonlyMap<string, AnyNodeType>
  io: Pick<NodeIo, 'resolve' | 'guard'>
  limits: Omit<SqlLimits, 'threads'>
  /** False: no records are kept of the wires. */
  metered: boolean
}

export class SqlStages {
  readonly #stages: readonly SqlStage[]
  readonly #plan: RunPlan['plan']
  readonly #stageOf: ReadonlyMap<string, SqlStage>
  readonly #leaving = new Map<SqlStage, Map<string, Channel<Queued>>>()
  readonly #running: SqlRecords[] = []
  #ended = false

  constructor({ plan, sql }: RunPlan) {
    this.#plan = plan
    this.#stages = sql
    this.#stageOf = new Map(sql.flatMap((stage) => stage.nodes.map((id) => [id, stage] as const)))
  }

  /** The stage of a plan, if SQL does it. */
  at(stage: number): SqlStage | undefined {
    return this.#stages.find((one) => one.stage === stage)
  }
  /** Whether the node has no part in this thread. */
  isElsewhere(node: string): boolean {
    return this.#stageOf.has(node) && !this.isLast(node)
  }
  /** Whether this thread sends the node's records. */
  isLast(node: string): boolean {
    return this.#stageOf.get(node)?.nodes.at(-1) === node
  }
  isInner({ from, to }: PlanEdge): boolean {
    return this.#stageOf.has(from.node) && this.#stageOf.get(from.node) === this.#stageOf.get(to.node)
  }

  /** Where the queue of an edge goes that leaves the stage, but for the last node's records: nothing comes by it. */
  leaving({ from }: PlanEdge): Map<string, Channel<Queued>> | undefined {
    const stage = this.#stageOf.get(from.node)
    if (!stage || (this.isLast(from.node) && from.port === 'out')) return undefined
    const channels = this.#leaving.get(stage) ?? new Map<string, Channel<Queued>>()
    this.#leaving.set(stage, channels)
    return channels
  }

  /** Settles when the stage has ended; never rejects: a failure goes to the run. */
  async start(
    stage: SqlStage,
    node: MergeNode,
    given: { setup: SqlStageSetup; context: Omit<MergeContext, 'signal'> },
  ): Promise<void> {
    const { setup, context } = given
    const edges = this.#plan.edges
      .filter((edge) => this.isInner(edge) && this.#stageOf.get(edge.from.node) === stage)
      .map(({ id, from, to }) => ({ id, from: from.node, to: to.node }))
    const threads = this.#plan.stages[stage.stage]!.workers
    const records = new SqlRecords({
      node: node.id,
      program: () => programOf(stage, setup),
      edges,
      io: setup.io,
      limits: { ...setup.limits, threads },
      metered: setup.metered,
    })
    this.#running.push(records)
    if (this.#ended) records.stop()
    await node.start(records, [], context)
    for (const channel of this.#leaving.get(stage)?.values() ?? []) channel.end()
  }

  /** Stopped, or failed elsewhere: a statement that runs is ended, and what it would have given is not sent. */
  stop(): void {
    this.#ended = true
    for (const records of this.#running) records.stop()
  }
}

/** The statements, made anew from the flow. They may differ from the plan's only where the file does. */
function programOf({ nodes }: SqlStage, { flow, registry, io }: SqlStageSetup): SqlProgram {
  const graph = new FlowGraph(flow, registry)
  const program = sqlProgram(treeOfStage(graph, nodes)!, io)
  if (typeof program !== 'string' && program.nodes.length === nodes.length) return program
  throw new NodeFailure(
    nodes[0]!,
    new NodeError(
      `A file changed while the run began${typeof program === 'string' ? ` (${program})` : ''}.`,
      {
        remedy: 'Run it again, when nobody writes the file any more.',
        field: 'path',
      },
    ),
  )
}
