/** Reads a flow file in full: parse, migrate the nodes' settings, validate. What the app and the terminal open files with. */
import type { Registry } from '../spec/registry.ts'
import { migrateNodes } from './migrate.ts'
import { parseFlow } from './parse.ts'
import type { ParsedFlow } from './parse.ts'
import { validateFlow } from './validate.ts'

/** `flow` is null where the text is no flow at all; `problems` are those of the text, then those of the flow. */
export function readFlow(text: string, registry: Registry): ParsedFlow {
  const parsed = parseFlow(text)
  if (!parsed.flow) return parsed
  const { flow } = migrateNodes(parsed.flow, registry)
  return { flow, problems: [...parsed.problems, ...validateFlow(flow, registry)] }
}
