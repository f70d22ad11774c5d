/** Circles of wires, each named by its nodes in order. */
import { edgeId, endpointOf } from './model.ts'
import type { Flow } from './model.ts'
import { problem } from './problem-text.ts'
import type { Problem } from './problem.ts'

/** One problem for each set of nodes that lie on circles together, showing the shortest circle of its first node. */
export function cycleProblems(flow: Flow): Problem[] {
  const behind = new Map<string, string[]>(Object.keys(flow.nodes).map((id) => [id, []]))
  const edges = new Map<string, string>()
  for (const edge of flow.edges) {
    const from = endpointOf(edge.from).node
    const to = endpointOf(edge.to).node
    if (!behind.has(from) || !behind.has(to)) continue
    behind.get(from)!.push(to)
    edges.set(`${from}->${to}`, edgeId(edge))
  }
  return tangles(behind).map((tangle) => {
    const circle = shortestCircle(tangle, behind)
    const edge = edges.get(`${circle.at(-1)}->${circle[0]}`)
    return problem('cycle', { node: circle[0], edge }, { nodes: [...circle, circle[0]!] })
  })
}

/** Sets of nodes that can all reach each other (strongly connected components), by Tarjan, without recursion. */
function tangles(behind: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const held: string[] = []
  const isHeld = new Set<string>()
  const found: string[][] = []
  for (const root of behind.keys()) {
    if (order.has(root)) continue
    const walk: { id: string; next: number }[] = [{ id: root, next: 0 }]
    while (walk.length > 0) {
      const step = walk.at(-1)!
      const { id } = step
      if (step.next === 0) {
        lowest.set(id, order.size)
        order.set(id, order.size)
        held.push(id)
        isHeld.add(id)
      }
      const to = behind.get(id)![step.next++]
      if (to !== undefined) {
        if (!order.has(to)) walk.push({ id: to, next: 0 })
        else if (isHeld.has(to)) lowest.set(id, Math.min(lowest.get(id)!, order.get(to)!))
        continue
      }
      walk.pop()
      const parent = walk.at(-1)?.id
      if (parent !== undefined) lowest.set(parent, Math.min(lowest.get(parent)!, lowest.get(id)!))
      if (lowest.get(id) !== order.get(id)) continue
      const tangle = held.splice(held.lastIndexOf(id))
      for (const member of tangle) isHeld.delete(member)
      if (tangle.length > 1 || behind.get(id)!.includes(id)) found.push(tangle)
    }
  }
  return found
}

/** The shortest way from the tangle's first node back to itself. */
function shortestCircle(tangle: readonly string[], behind: ReadonlyMap<string, string[]>): string[] {
  const start = tangle[0]!
  const inside = new Set(tangle)
  const cameFrom = new Map<string, string>()
  const waiting = [start]
  for (const id of waiting) {
    for (const to of behind.get(id)!) {
      if (to === start) return wayTo(id, cameFrom)
      if (!inside.has(to) || cameFrom.has(to)) continue
      cameFrom.set(to, id)
      waiting.push(to)
    }
  }
  return [...tangle]
}

function wayTo(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = []
  for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) way.unshift(at)
  return way
}
