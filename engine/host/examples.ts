/** The flows that come with Weir, for the welcome screen. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flowSchema } from '../flow/model.ts'

export interface ExampleFlow {
  name: string
  /** Absolute. */
  path: string
  /** What it is made of, e.g. "file → parse → group → top → table". */
  summary: string
}

/** Lists a folder's flows by name. A folder that is missing has none; a file that is no flow is left out. */
export async function listExamples(folder: string): Promise<ExampleFlow[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.weir.json')).map((name) => readExample(join(folder, name))),
  )
  return found.filter((example) => example !== undefined).sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

async function readExample(path: string): Promise<ExampleFlow | undefined> {
  try {
    const flow = flowSchema().parse(JSON.parse(await readFile(path, 'utf8')))
    const summary = Object.values(flow.nodes)
      .map((node) => node.type)
      .join(' → ')
    return { name: flow.name, path, summary }
  } catch {
    return undefined
  }
}
