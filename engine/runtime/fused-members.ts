/**
 * Which nodes of a stage run in one loop: a root and, behind it, nodes whose code is text and folds, as far as each of
 * them is fed by that loop alone.
 */
import type { DataRecord, Fold } from '../spec/node.ts'
import type { RunningMark } from './meter.ts'
import type { NodeSource } from './node-source.ts'
import type { EdgeLine, OutputPort } from './output-port.ts'

/** A fold and what it holds so far. */
export interface Folding {
  fold: Fold<unknown>
  state: unknown
}

/** A node as a loop over several nodes sees it. */
export interface Fusible {
  /** Its code; absent for a fold. */
  readonly source: NodeSource | undefined
  readonly folding: Folding | undefined
  /** Its outputs but `error`, as its source counts them. */
  readonly ports: readonly OutputPort[]
  readonly meters: { readonly mark: RunningMark }
  /** How many wires come in. */
  readonly wiresIn: number
  /** Records that came in, as far as they were counted. */
  readonly seen: number
  refuse(error: unknown, record: DataRecord, number: number): void
}

/** A node of a fused loop. */
export interface Member<Node extends Fusible = Fusible> {
  node: Node
  /** Its place in the list of members. */
  at: number
  /** The counter of the records that come in. */
  input: number
  /** Several members feed it: its code is a function that they call. */
  joined: boolean
  /** Its code stands inside such a function. */
  outer: boolean
  outputs: MemberOutput<Node>[]
  /** The member itself and all that feed it: who waits when there is no room behind it. */
  path: Node[]
}

export interface MemberOutput<Node extends Fusible> {
  port: OutputPort
  /** The counter of the records that are sent. */
  counter: number
  /** The members that take each record at once. */
  into: Member<Node>[]
  /** Wires to those, and wires that want no more. */
  inlined: EdgeLine[]
  /** Wires that get an array of all records of a batch. */
  exits: EdgeLine[]
  /** So few records go this way that they are worth a look each, and no loop. */
  sparse: boolean
}

/** Nodes in one loop at most: V8 does not optimise functions of any length. */
const MOST_MEMBERS = 24

/** The nodes of the loop that begins at the root, each behind those that feed it, and the number of counters. */
export function membersOf<Node extends Fusible>(
  root: Node,
  isSparse: (port: OutputPort) => boolean,
  fusibleAt: (line: EdgeLine) => Node | undefined,
): { members: Member<Node>[]; counters: number } {
  let counters = 1
  const members: Member<Node>[] = [
    { node: root, at: 0, input: 0, joined: false, outer: false, outputs: [], path: [root] },
  ]
  const arrived = new Map<Node, { from: Member<Node>; output: MemberOutput<Node>; line: EdgeLine }[]>()
  for (const from of members) {
    // A fold sends nothing before its end.
    const ports = from.node.source ? from.node.ports : []
    from.outputs = ports.map((port) => ({
      port,
      counter: counters++,
      into: [],
      inlined: port.lines.filter((line) => !line.wanted),
      exits: port.lines.filter((line) => line.wanted),
      sparse: isSparse(port),
    }))
    from.outputs.forEach((output, index) => {
      // Code that is written twice would double with each node.
      if (output.sparse || from.node.source?.emits[index] !== 1) return
      for (const line of output.exits) {
        const node = fusibleAt(line)
        if (!node) continue
        const feeding = [...(arrived.get(node) ?? []), { from, output, line }]
        arrived.set(node, feeding)
        if (feeding.length < node.wiresIn || members.length === MOST_MEMBERS) continue
        const joined = feeding.length > 1
        const member: Member<Node> = {
          node,
          at: members.length,
          input: joined ? counters++ : output.counter,
          joined,
          outer: joined || from.outer,
          outputs: [],
          path: [...new Set([...feeding.flatMap((feeder) => feeder.from.path), node])],
        }
        members.push(member)
        for (const feeder of feeding) feeder.output.into.push(member)
      }
    })
  }
  for (const [node, feeding] of arrived) {
    if (!members.some((member) => member.node === node)) continue
    for (const { output, line } of feeding) {
      output.exits = output.exits.filter((other) => other !== line)
      output.inlined.push(line)
    }
  }
  return { members, counters }
}
