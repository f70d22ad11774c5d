/** A small file of the app's own state (recent list, window, folders): read with a schema, written atomically. */
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { writeAtomic } from '../engine/host/atomic-write.ts'
import { isFileError } from './call-error.ts'

/** Holds the value in memory; a missing or unreadable file is the fallback. Failing writes only warn. */
export class JsonFile<Value> {
  readonly #path: string
  #value: Value
  #writing: Promise<void> = Promise.resolve()
  #pending = false

  constructor(path: string, schema: z.ZodType<Value>, fallback: Value) {
    this.#path = path
    this.#value = readJson(path, schema) ?? fallback
  }

  get value(): Value {
    return this.#value
  }

  /** Changes the value at once and the file soon; changes while a write is under way become one write. */
  set(value: Value): Promise<void> {
    this.#value = value
    if (!this.#pending) {
      this.#pending = true
      this.#writing = this.#writing.then(() => this.#write())
    }
    return this.#writing
  }

  /** Settles when everything set so far is on the disk. */
  flushed(): Promise<void> {
    return this.#writing
  }

  async #write(): Promise<void> {
    this.#pending = false
    try {
      mkdirSync(dirname(this.#path), { recursive: true })
      await writeAtomic(this.#path, `${JSON.stringify(this.#value, null, 2)}\n`)
    } catch (error) {
      console.warn(`Cannot write ${this.#path}:`, error)
    }
  }
}

function readJson<Value>(path: string, schema: z.ZodType<Value>): Value | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) console.warn(`Ignoring ${path}:`, error)
    return undefined
  }
}
