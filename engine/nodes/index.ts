/** The one list of node types. Order is the order of the palette. */
import type { AnyNodeType } from '../spec/node.ts'
import { range } from './generators/range.ts'
import { map } from './processors/map.ts'

export const nodeTypes: readonly AnyNodeType[] = [
  // generators
  range,
  // processors
  map,
  // consumers
]
