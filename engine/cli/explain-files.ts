/** The files that the nodes of a flow read and write, and how large they are: part of what `--explain` tells. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Flow } from '../flow/model.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'

export interface ExplainedFile {
  node: string
  /** As the flow says it: relative to the flow, perhaps a pattern. */
  path: string
  writes: boolean
  /** Null where there is no such file (yet), or where the path is a pattern. */
  bytes: number | null
}

/** In the order of the nodes. A file that cannot be looked at is no failure: the run would tell. */
export async function filesOf(flow: Flow, baseDir: string, registry: Registry): Promise<ExplainedFile[]> {
  const found = Object.entries(flow.nodes).flatMap(([node, { type, config }]) => {
    const known = registry.get(type)
    if (!known) return []
    return Object.entries(descriptorOf(known).config.properties ?? {}).flatMap(([field, { editor }]) => {
      const path = config?.[field]
      const isPath = editor === 'path-in' || editor === 'path-out'
      return isPath && typeof path === 'string' && path !== ''
        ? [{ node, path, writes: editor === 'path-out' }]
        : []
    })
  })
  return Promise.all(
    found.map(async (file) => ({ ...file, bytes: await sizeOf(resolve(baseDir, file.path)) })),
  )
}

async function sizeOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null)
  return stats?.isFile() ? stats.size : null
}
