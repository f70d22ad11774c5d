/**
 * Which code may run without asking: sources that the user agreed to, known by their hash, and those of the
 * bundled examples. The hashes are kept in one small file; the code itself never is.
 */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeSnippets } from '../flow/code.ts'
import { parseFlow } from '../flow/parse.ts'
import { reasonOf } from '../spec/expression.ts'
import type { Registry } from '../spec/registry.ts'
import { writeAtomic } from './atomic-write.ts'

/** Hashes kept at most; the oldest make room. */
export const MAX_TRUSTED = 5000

export interface TrustStore {
  isTrusted(source: string): boolean
  /**
   * Remembers the sources. They are trusted at once.
   * @throws where the file cannot be written; they are trusted until the program ends all the same
   */
  trust(sources: readonly string[]): Promise<void>
  /** Trusts the code of every flow in the folder, as long as the program runs. A folder that is missing holds none. */
  loadExamples(dir: string, registry: Registry): Promise<void>
  /** What was wrong with the file when it was read, for the log. */
  readonly notice: string | null
}

/** @param file absolute path of the file of hashes; null keeps them in memory only */
export function createTrustStore(file: string | null): TrustStore {
  const stored = file === null ? { hashes: [], notice: null } : readStored(file)
  let trusted = new Set(stored.hashes)
  const bundled = new Set<string>()
  let writing: Promise<void> = Promise.resolve()

  const save = async (target: string) => {
    // Another window or `weir serve` may have added to the file since.
    const others = readStored(target).hashes.filter((hash) => !trusted.has(hash))
    trusted = newest([...others, ...trusted])
    // On a fresh account the folder of settings is not there yet.
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await writeAtomic(target, `${JSON.stringify({ weirTrust: 1, sha256: [...trusted] }, null, 1)}\n`, {
      mode: 0o600,
    })
  }

  return {
    notice: stored.notice,
    isTrusted(source) {
      const hash = hashOf(source)
      return trusted.has(hash) || bundled.has(hash)
    },
    async trust(sources) {
      const hashes = sources.map(hashOf)
      for (const hash of hashes) trusted.delete(hash)
      trusted = newest([...trusted, ...hashes])
      if (file === null || sources.length === 0) return
      // One after the other, also where one fails: the last one to be written is the newest.
      writing = writing.catch(() => undefined).then(() => save(file))
      try {
        await writing
      } catch (error) {
        throw new Error(
          `Your consent could not be saved in ${file}: ${reasonOf(error)}. You will be asked again.`,
          {
            cause: error,
          },
        )
      }
    },
    async loadExamples(dir, registry) {
      for (const name of await flowFiles(dir)) {
        const { flow } = parseFlow(await readFile(join(dir, name), 'utf8'))
        if (!flow) continue
        for (const { source } of codeSnippets(flow, registry)) bundled.add(hashOf(source))
      }
    },
  }
}

function hashOf(source: string): string {
  return createHash('sha256').update(source, 'utf8').digest('hex')
}

function newest(hashes: readonly string[]): Set<string> {
  return new Set([...new Set(hashes)].slice(-MAX_TRUSTED))
}

async function flowFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => name.endsWith('.weir.json')).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A file that cannot be understood is moved aside, so that the next write does not destroy what somebody may need. */
function readStored(file: string): { hashes: string[]; notice: string | null } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { hashes: [], notice: null }
    return { hashes: [], notice: `The file of trusted code ${file} could not be read: ${reasonOf(error)}.` }
  }
  const hashes = hashesIn(text)
  if (hashes) return { hashes: [...newest(hashes)], notice: null }
  const aside = `${file}.corrupt`
  try {
    renameSync(file, aside)
  } catch (error) {
    return {
      hashes: [],
      notice: `The file of trusted code ${file} is damaged and cannot be moved: ${reasonOf(error)}.`,
    }
  }
  return {
    hashes: [],
    notice: `The file of trusted code was damaged; it is now ${aside}, and code will be asked about again.`,
  }
}

/** The hashes, or nothing where the text is not such a file. */
function hashesIn(text: string): string[] | undefined {
  try {
    const hashes = (JSON.parse(text) as { sha256?: unknown } | null)?.sha256
    const sound =
      Array.isArray(hashes) && hashes.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))
    return sound ? (hashes as string[]) : undefined
  } catch {
    return undefined
  }
}
