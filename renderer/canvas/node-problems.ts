/** The problems of each node, grouped once per list. */
import type { Problem } from '../../engine/host/protocol.ts'
import { useRun } from '../app/use-stores.ts'

const groups = new WeakMap<readonly Problem[], Map<string, readonly Problem[]>>()
const NONE: readonly Problem[] = []

export function problemsAt(problems: readonly Problem[], node: string): readonly Problem[] {
  let group = groups.get(problems)
  if (!group) {
    const lists = new Map<string, Problem[]>()
    for (const problem of problems) {
      const { node: id } = problem.at
      if (id === undefined) continue
      const list = lists.get(id)
      if (list) list.push(problem)
      else lists.set(id, [problem])
    }
    groups.set(problems, (group = lists))
  }
  return group.get(node) ?? NONE
}

/** Keeps its identity while the list of all problems does. */
export function useNodeProblems(node: string): readonly Problem[] {
  return useRun((state) => problemsAt(state.problems, node))
}
