/** Makes data that is missing, and checks by its hash that what is there is what was made. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DATA_SETS, DATA_VERSION } from './sets.ts'
import type { DataId } from './sets.ts'
import { TextFile } from './text-file.ts'
import type { WrittenFile } from './text-file.ts'

export interface PreparedData extends WrittenFile {
  id: DataId
  path: string
  records: number
}

interface Manifest extends WrittenFile {
  version: number
  records: number
}

/** The file of a data set at a scale. It is read once from end to end, which also brings it into the page cache. */
export async function prepareData(id: DataId, scale: number, folder: string): Promise<PreparedData> {
  const set = DATA_SETS[id]
  const path = join(folder, `${id}-${scale}.${set.extension}`)
  const kept = readManifest(path)
  if (kept && existsSync(path) && (await sha256Of(path)) === kept.sha256) return { id, path, ...kept }

  mkdirSync(folder, { recursive: true })
  const records = set.records(scale)
  const file = new TextFile(path)
  set.make(records, scale, (line) => file.append(line))
  const manifest: Manifest = { version: DATA_VERSION, records, ...file.close() }
  writeFileSync(manifestPath(path), `${JSON.stringify(manifest)}\n`)
  return { id, path, ...manifest }
}

function manifestPath(path: string): string {
  return `${path}.manifest.json`
}

function readManifest(path: string): Manifest | null {
  if (!existsSync(manifestPath(path))) return null
  const manifest = JSON.parse(readFileSync(manifestPath(path), 'utf8')) as Manifest
  return manifest.version === DATA_VERSION ? manifest : null
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
