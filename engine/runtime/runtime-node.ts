/** What all running nodes share: their outputs, their wish for input, their states. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { AnyNodeType, Batch, ErrorRecord } from '../spec/node.ts'
import { NodeFailure, RecordFailure } from './failure.ts'
import type { Looks } from './looks.ts'
import type { NodeMeters } from './meter.ts'
import { OutputPort } from './output-port.ts'
import type { EdgeLine } from './output-port.ts'

/** The part of a run that its nodes talk to. */
export interface RunOwner {
  /** The first failure ends the run. */
  fail(error: unknown): void
  readonly failed: boolean
  /** False: nodes count nothing and keep no records of the wires, to measure what that costs. */
  readonly metered: boolean
  /** When batches are looked at on their way. */
  readonly looks: Looks
  /** The state of a node that ends now. */
  readonly endState: 'done' | 'stopped'
  /**
   * The run was stopped, and folds have had their time to send what they hold: the rest is dropped.
   * @param since when the fold began to, as performance.now gives it
   */
  isLate(since: number): boolean
  /**
   * A fold has not sent all that it holds, because the run was stopped.
   * @param records how many it had taken and dropped; absent where what it sends is not what came
   */
  cutShort(node: string, records?: number): void
}

export abstract class RuntimeNode {
  readonly id: string
  readonly type: AnyNodeType
  readonly meters: NodeMeters
  readonly outputs = new Map<string, OutputPort>()
  protected readonly owner: RunOwner

  constructor(id: string, type: AnyNodeType, meters: NodeMeters, owner: RunOwner) {
    this.id = id
    this.type = type
    this.meters = meters
    this.owner = owner
    for (const port of Object.keys(type.ports.out)) {
      this.outputs.set(port, new OutputPort(meters, port === ERROR_PORT_NAME, owner.metered))
    }
  }

  /** Nobody downstream wants more: stop making it. */
  abstract endEarly(): void
  /** Brings the times of what is still going on up to date; called ten times a second. */
  abstract tick(now: number): void

  /** Called when an edge lost its receiver: where none is left, this node ends, and so on up to the source. */
  lineUnwanted(line: EdgeLine): void {
    if (!line.wanted) return
    line.wanted = false
    const lines = [...this.outputs].flatMap(([port, output]) =>
      port === ERROR_PORT_NAME ? [] : output.lines,
    )
    const counting = lines.length > 0 ? lines : (this.outputs.get(ERROR_PORT_NAME)?.lines ?? [])
    if (counting.every((other) => !other.wanted)) this.endEarly()
  }

  /** Sends failed records to the `error` port; where nothing is wired there, the first of them fails the run. */
  protected reject(failures: readonly ErrorRecord[]): void | Promise<void> {
    const port = this.outputs.get(ERROR_PORT_NAME)
    if (port?.isWired) return port.send(failures as Batch)
    this.meters.add('errors', 1)
    const failure = new RecordFailure(failures[0]!)
    this.failWith(failure)
    throw failure
  }

  /** Fails the run in this node's name. */
  protected failWith(error: unknown): void {
    this.meters.setState('failed')
    this.owner.fail(
      error instanceof RecordFailure || error instanceof NodeFailure
        ? error
        : new NodeFailure(this.id, error),
    )
  }

  protected endOutputs(): void | Promise<void> {
    const pending = [...this.outputs.values()].flatMap((output) => output.end() ?? [])
    return pending.length > 0 ? Promise.all(pending).then(() => {}) : undefined
  }
}
