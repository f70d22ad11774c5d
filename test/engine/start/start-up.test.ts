/** The built program: what a run loads, and that the code caches are a help and never a need. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PROGRAM } from '../cli/weir.ts'

const built = dirname(PROGRAM)
const root = join(import.meta.dirname, '../../..')

/** The packages and files that are loaded with a file of the build, before anything of it runs. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const code = readFileSync(join(built, 'code', file), 'utf8')
  // At the start of a line: what is required inside a function is loaded when that is called.
  for (const [, name] of code.matchAll(/^(?:const|let|var) .*?\brequire\("([^"]+)"\)/gm)) {
    if (name!.startsWith('./')) loadedWith(name!.slice(2), seen)
    else seen.add(name!)
  }
  return seen
}

describe('what is loaded', () => {
  it.each(['worker.js', 'main.js', 'run-flow.js'])(
    '%s comes without the server, a database and Parquet',
    (file) => {
      const loaded = [...loadedWith(file)]
      expect(loaded).toContain(file)
      expect(
        loaded.filter((name) =>
          /^(@duckdb|node:https?$|serve\.js|progress-display\.js|parquet-reader\.js)/.test(name),
        ),
      ).toEqual([])
    },
  )

  it('the start alone is small', () => {
    expect(readFileSync(join(built, 'weir.js')).length).toBeLessThan(2000)
    expect([...loadedWith('early-worker.js')].filter((name) => name.endsWith('.js')).length).toBeLessThan(5)
  })
})

describe('code caches', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-start-'))
    cpSync(built, join(folder, 'dist/engine'), { recursive: true })
    cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const code = () => join(folder, 'dist/engine/code')
  const caches = () => readdirSync(code()).filter((name) => name.endsWith('.cache'))
  const squares = () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'dist/engine/weir.js'), 'run', join(root, 'examples/squares.weir.json'), '--quiet'],
      { encoding: 'utf8' },
    )
    return { status, lines: stdout.trim().split('\n').length, stderr }
  }

  it('the build leaves them for the program and for the worker, of this version', () => {
    for (const of of ['program', 'worker']) {
      const ending = `.${of}-${process.versions.v8}-${process.arch}.cache`
      expect(caches().filter((name) => name.endsWith(ending))).toContain(`registry.js${ending}`)
    }
    expect(existsSync(join(code(), 'load.js'))).toBe(true)
  })

  it('a run is the same without them, and leaves none', () => {
    const before = squares()
    for (const name of caches()) rmSync(join(code(), name))
    expect(squares()).toEqual(before)
    expect(before).toMatchObject({ status: 0, stderr: '' })
    expect(caches()).toEqual([])
  })

  it('broken ones are passed over', () => {
    const before = squares()
    for (const name of caches()) writeFileSync(join(code(), name), 'not a cache')
    expect(squares()).toEqual(before)
    for (const name of caches()) writeFileSync(join(code(), name), '')
    expect(squares()).toEqual(before)
  })
})
