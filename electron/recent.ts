/** The list of recently opened flows, newest first. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { RecentDocument } from '../renderer/shell/shell.ts'
import { JsonFile } from './json-file.ts'

export const RECENT_LIMIT = 20

const recentSchema = z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.number() }))

export class Recents {
  readonly #file: JsonFile<RecentDocument[]>

  constructor(path: string) {
    this.#file = new JsonFile(path, recentSchema, [])
  }

  list(): readonly RecentDocument[] {
    return this.#file.value
  }

  /** Puts a path at the head. */
  add(path: string, openedAt: number): Promise<void> {
    const entry = { path, name: flowNameOf(path), openedAt }
    return this.#file.set([entry, ...this.#without(path)].slice(0, RECENT_LIMIT))
  }

  remove(path: string): Promise<void> {
    return this.#file.set(this.#without(path))
  }

  clear(): Promise<void> {
    return this.#file.set([])
  }

  flushed(): Promise<void> {
    return this.#file.flushed()
  }

  #without(path: string): RecentDocument[] {
    return this.#file.value.filter((entry) => entry.path !== path)
  }
}

/** "top-pages" of "/flows/top-pages.weir.json". */
export function flowNameOf(path: string): string {
  return basename(path).replace(/(\.weir)?\.json$/i, '')
}
