/**
 * Loads the built code together with V8's code cache beside it, so that a start does not compile half a megabyte again.
 * The build writes the caches, one for each program and version of V8; where none fits, the code is compiled as ever.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { constants, Script } from 'node:vm'

interface Loaded {
  exports: unknown
}
type Require = (name: string) => unknown
type Body = (
  ...scope: [exports: unknown, require: Require, module: Loaded, filename: string, dirname: string]
) => void

/** The program and the worker need other functions of the same files, so each has caches of its own. */
export type Program = 'program' | 'worker'

/** True while the build has a first run made, which leaves the caches. */
export const writesCaches = process.env['WEIR_CODE_CACHE'] === 'write'

/** Parts of Node that most runs need little or nothing of, and that take 1 to 5 ms each: read at their first use. */
const LATE = new Set(
  ['child_process', 'crypto', 'fs/promises', 'net', 'stream/promises', 'timers/promises', 'v8', 'zlib'].map(
    (name) => `node:${name}`,
  ),
)

/** The files of one program, loaded as CommonJS: Node 20 takes code caches for no other kind. */
export class CodeLoader {
  readonly #suffix: string
  readonly #loaded = new Map<string, Loaded>()
  readonly #scripts = new Map<string, Script>()

  constructor(program: Program) {
    // A cache is good for the V8 that made it, on the same kind of processor; V8 refuses others, too.
    this.#suffix = `.${program}-${process.versions.v8}-${process.arch}.cache`
  }

  /** Runs a file of the build, and those that it requires; returns its exports. `file` is absolute. */
  load(file: string): unknown {
    const before = this.#loaded.get(file)
    if (before) return before.exports
    const module: Loaded = { exports: {} }
    // First noted, then run, so that files may require each other.
    this.#loaded.set(file, module)
    const body = this.#script(file).runInThisContext() as Body
    body.call(module.exports, module.exports, this.#requireFrom(file), module, file, dirname(file))
    return module.exports
  }

  /** Keeps what has been compiled so far, functions that were called included. Never half a cache under its name. */
  saveCaches(): void {
    for (const [file, script] of this.#scripts) {
      const temporary = `${file}${this.#suffix}.${process.pid}.tmp`
      try {
        writeFileSync(temporary, script.createCachedData())
        renameSync(temporary, file + this.#suffix)
      } finally {
        rmSync(temporary, { force: true })
      }
    }
  }

  #script(file: string): Script {
    // The build writes ASCII, which this reads without decoding it (scripts/build-ascii.mjs).
    const source = readFileSync(file, 'latin1')
    const cachedData = this.#cacheOf(file)
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: file,
      // Packages that are loaded when they are needed.
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData && { cachedData }),
    })
    if (writesCaches) this.#scripts.set(file, script)
    return script
  }

  #cacheOf(file: string): Buffer | undefined {
    if (writesCaches) return undefined
    try {
      return readFileSync(file + this.#suffix)
    } catch {
      // Another version of Node than the one that built it, or an installation that was never run.
      return undefined
    }
  }

  /** Files of the build come through here; everything else through Node. */
  #requireFrom(file: string): Require {
    const fromNode = createRequire(file)
    return (name) => {
      if (name.startsWith('.')) return this.load(join(dirname(file), name))
      return LATE.has(name) ? late(() => fromNode(name) as object) : (fromNode(name) as unknown)
    }
  }
}

/** Stands for a module of which single names are taken, when they are used, as the build writes them. */
function late(read: () => object): object {
  let real: object | undefined
  return new Proxy({}, { get: (_, key) => Reflect.get((real ??= read()), key) as unknown })
}
