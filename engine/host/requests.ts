/**
 * The requests of the wire, with the schema that each is checked with where it enters. Apart from protocol.ts, whose
 * other constants a run needs, too: a run answers no requests.
 */
import { z } from 'zod'
import { flowSchema, MAX_FLOW_BYTES } from '../flow/model.ts'

const runId = z.string().max(64)
const nodeId = z.string().max(64)
const path = z.string().max(4096)
const text = z.string().max(MAX_FLOW_BYTES)
const where = { baseDir: path.describe('absolute folder that relative paths count from') }

/** Every request: the schema of its one parameter. The reply types are in `Replies`. */
export const requests = {
  /** First call on a connection. The same clientId again resumes that client's run. */
  hello: z.object({ protocol: z.number().int(), clientId: z.string().min(1).max(64) }),
  /** Parses a flow's text and validates it. */
  parse: z.object({ text, ...where }),
  /** Validates a flow that is being edited. */
  check: z.object({ flow: flowSchema(), ...where }),
  /** The text that a save writes, in stable order. */
  format: z.object({ flow: flowSchema() }),
  /** Plans and starts. `own` holds the sources that the user typed here, which need no consent. */
  start: z.object({
    flow: flowSchema(),
    ...where,
    own: z.array(z.string()).max(10_000).default([]),
  }),
  /** Remembers that these sources may run. */
  trust: z.object({ sources: z.array(z.string()).max(10_000) }),
  /** Settles within 200 ms, by force if it must be. */
  stop: z.object({ runId }),
  /** Acknowledges a frame after it was painted; the next one waits for it. */
  ack: z.object({ seq: z.number().int() }),
  /** The last records of an edge. */
  tap: z.object({ runId, edge: z.string().max(256), limit: z.number().int().min(1).max(1000).default(200) }),
  /** Rows of a table result. */
  rows: z.object({
    runId,
    node: nodeId,
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(1000),
  }),
  /** A sample of what would reach a node's input, from a short trial run of everything upstream of it. */
  sample: z.object({
    flow: flowSchema(),
    node: nodeId,
    ...where,
    own: z.array(z.string()).max(10_000).default([]),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  /** Looks at a data file: which node reads it, with which config, and its first records. */
  sniff: z.object({ path, ...where }),
  // -- only where the session has file access of its own (`weir serve`); else they answer with an error
  listFolder: z.object({ path }),
  readDocument: z.object({ path }),
  writeDocument: z.object({
    path,
    text,
    /** mtime that the client last saw, to notice edits by others; absent overwrites. */
    expectedMtimeMs: z.number().optional(),
  }),
} satisfies Record<string, z.ZodType>
