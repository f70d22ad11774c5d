/** Makes data that is missing, and checks by its hash that what is there is what was made. */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DATA_SETS, DATA_VERSION } from './sets.ts'
import type { ConvertedSet, DataId, TextSet } from './sets.ts'
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

/** Where data goes, and who runs the statement that converts it. */
export interface DataShop {
  folder: string
  /** Throws where it cannot be done. */
  runSql(sql: string): void
}

/** The file of a data set at a scale. It is read once from end to end, which also brings it into the page cache. */
export async function prepareData(id: DataId, scale: number, shop: DataShop): Promise<PreparedData> {
  const set = DATA_SETS[id]
  const path = join(shop.folder, `${id}-${scale}.${set.extension}`)
  const kept = readManifest(path)
  if (kept && existsSync(path) && (await sha256Of(path)) === kept.sha256) return { id, path, ...kept }

  mkdirSync(shop.folder, { recursive: true })
  const records = set.records(scale)
  const written =
    'convert' in set ? await convert(set, { path, scale, shop }) : make(set, { path, scale, records })
  const manifest: Manifest = { version: DATA_VERSION, records, ...written }
  writeFileSync(manifestPath(path), `${JSON.stringify(manifest)}\n`)
  return { id, path, ...manifest }
}

function make(
  set: TextSet,
  { path, scale, records }: { path: string; scale: number; records: number },
): WrittenFile {
  const file = new TextFile(path)
  set.make(records, scale, (line) => file.append(line))
  return file.close()
}

async function convert(
  set: ConvertedSet,
  { path, scale, shop }: { path: string; scale: number; shop: DataShop },
): Promise<WrittenFile> {
  const source = await prepareData(set.from, scale, shop)
  shop.runSql(set.convert(source.path, `${path}.part`))
  renameSync(`${path}.part`, path)
  return { bytes: statSync(path).size, sha256: await sha256Of(path) }
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
