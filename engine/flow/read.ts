/** Reads a flow file in full: parse, migrate the nodes' settings, validate. What the app and the terminal open files with. */
import type { Registry } from '../spec/registry.ts'
import { migrateNodes } from './migrate.ts'
import type { Flow } from './model.ts'
import { parseFlow } from './parse.ts'
import type { ParsedFlow } from './parse.ts'
import type { Problem } from './problem.ts'
import { validateFlow } from './validate.ts'

/** A change to the flow before it is validated, and what could not be changed. */
export type FlowChange = (flow: Flow) => { flow: Flow; problems: Problem[] }

/** `flow` is null where the text is no flow at all; `problems` are those of the text, the change, then the flow. */
export function readFlow(text: string, registry: Registry, change?: FlowChange): ParsedFlow {
  const parsed = parseFlow(text)
  if (!parsed.flow) return parsed
  // What cannot be migrated stays as it is and is reported by `validateFlow`, which knows of it too.
  const migrated = migrateNodes(parsed.flow, registry).flow
  const { flow, problems } = change?.(migrated) ?? { flow: migrated, problems: [] }
  return { flow, problems: [...parsed.problems, ...problems, ...validateFlow(flow, registry)] }
}
