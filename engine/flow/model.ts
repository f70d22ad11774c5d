/** The flow document: what a `NAME.weir.json` file holds, version 1, and its zod schema, made when it is first used. */
import { z } from 'zod'
import { once } from '../spec/once.ts'

/** The version of the file format this build reads and writes. */
export const FLOW_VERSION = 1

/** Larger files are no flows: opening and saving refuse them, and every carrier takes messages that hold one. */
export const MAX_FLOW_BYTES = 16 * 1024 * 1024

/** Node ids: a letter, then letters, digits, `_` or `-`; at most 64 characters. */
export const NODE_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

const endpoint = () => z.string().regex(/^[^.]+\.[^.]+$/, 'must look like "node.port"')

export const capacitySchema = once(() =>
  z.looseObject({
    records: z.number().int().min(1).max(10_000_000).optional(),
    bytes: z.number().int().min(1024).max(4_294_967_296).optional(),
  }),
)

export const nodeSchema = once(() =>
  z.looseObject({
    type: z.string().min(1),
    /** Shown instead of the id on the card. */
    title: z.string().max(120).optional(),
    /** Version of the node type's config; absent means 1. */
    version: z.number().int().min(1).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
  }),
)

export const edgeSchema = once(() =>
  z.looseObject({
    from: endpoint(),
    to: endpoint(),
    capacity: capacitySchema().optional(),
  }),
)

/** How the engine may go about a run of the flow; what is left out, the machine decides. */
export const runSettingsSchema = once(() =>
  z.looseObject({
    /** Worker threads at most; absent: as many as there are cores. */
    workers: z.number().int().min(1).max(64).optional(),
    /** What all nodes that hold records may take together, in MB; more goes to disk. Absent: 256. */
    memoryMb: z.number().int().min(16).max(1_048_576).optional(),
  }),
)

export const flowSchema = once(() =>
  z.looseObject({
    weir: z.literal(FLOW_VERSION),
    name: z.string().max(200).default('Untitled'),
    run: runSettingsSchema().optional(),
    nodes: z.record(z.string(), nodeSchema()),
    edges: z.array(edgeSchema()).default([]),
    layout: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  }),
)

/** Bounds of one edge's channel: it blocks its sender at whichever is reached first. */
export type Capacity = z.infer<ReturnType<typeof capacitySchema>>
export type RunSettings = z.infer<ReturnType<typeof runSettingsSchema>>
export type FlowNode = z.infer<ReturnType<typeof nodeSchema>>
/** `from` and `to` are "node.port". */
export type FlowEdge = z.infer<ReturnType<typeof edgeSchema>>
/** A whole flow. Keys that this version does not know are kept as they are. */
export type Flow = z.infer<ReturnType<typeof flowSchema>>

export interface Endpoint {
  node: string
  port: string
}

/** Splits "node.port". Returns empty strings where a part is missing; never throws. */
export function endpointOf(text: string): Endpoint {
  const dot = text.indexOf('.')
  return dot < 0 ? { node: text, port: '' } : { node: text.slice(0, dot), port: text.slice(dot + 1) }
}

/** The id of an edge everywhere (wire, canvas, problems): "from->to". Doubled edges are refused, so it is unique. */
export function edgeId(edge: { from: string; to: string }): string {
  return `${edge.from}->${edge.to}`
}
