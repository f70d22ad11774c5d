/** Where the bench keeps what it makes. */
import { join, resolve } from 'node:path'

/** The project's root. */
export const ROOT = resolve(import.meta.dirname, '../..')
/** The bench's own sources, the programs of peers among them. */
export const BENCH = import.meta.dirname
/** Peers that were installed or built, and the build of Weir that is measured. */
export const TOOLS = join(ROOT, 'node_modules/.cache/weir-bench')
/** Data that was made, and what contenders write. */
export const DATA = resolve(process.env['WEIR_BENCH_DATA'] ?? TOOLS, 'data')
/** Flow files and outputs of contenders; emptied as the bench goes. */
export const WORK = join(DATA, 'work')
