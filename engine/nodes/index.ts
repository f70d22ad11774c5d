/** The one list of node types. Order is the order of the palette. */
import type { AnyNodeType } from '../spec/node.ts'
import { discard } from './consumers/discard.ts'
import { print } from './consumers/print.ts'
import { table } from './consumers/table.ts'
import { writeFile } from './consumers/write-file.ts'
import { file } from './generators/file.ts'
import { list } from './generators/list.ts'
import { range } from './generators/range.ts'
import { stdin } from './generators/stdin.ts'
import { dedupe } from './processors/dedupe.ts'
import { derive } from './processors/derive.ts'
import { filter } from './processors/filter.ts'
import { flatMap } from './processors/flat-map.ts'
import { group } from './processors/group.ts'
import { join } from './processors/join.ts'
import { map } from './processors/map.ts'
import { merge } from './processors/merge.ts'
import { parse } from './processors/parse.ts'
import { script } from './processors/script.ts'
import { select } from './processors/select.ts'
import { sort } from './processors/sort.ts'
import { take } from './processors/take.ts'
import { throttle } from './processors/throttle.ts'
import { top } from './processors/top.ts'

export const nodeTypes: readonly AnyNodeType[] = [
  // generators
  file,
  list,
  range,
  stdin,
  // processors
  parse,
  filter,
  map,
  derive,
  flatMap,
  select,
  script,
  group,
  sort,
  top,
  dedupe,
  join,
  take,
  merge,
  throttle,
  // consumers
  table,
  writeFile,
  print,
  discard,
]
