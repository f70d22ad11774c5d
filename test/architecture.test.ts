/** The rules of the tree: which layer may import what, and what every source file looks like. */
/* oxlint-disable vitest/expect-expect -- `rule` asserts */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, packageOf, sourceFiles } from './source-files.ts'
import type { SourceFile, SourceImport } from './source-files.ts'

const files = sourceFiles('engine', 'electron', 'renderer', 'scripts', 'test')
/** Build settings are not part of a layer. */
const isBuildConfig = ({ path }: SourceFile) => /(^|\/)vite(\.\w+)?\.config\.ts$/.test(path)
const within = (...folders: string[]) =>
  files.filter((file) => folders.some((folder) => file.path.startsWith(`${folder}/`)) && !isBuildConfig(file))

/** Fails with the rule, how to keep it, and each file that breaks it. */
function rule(text: string, broken: readonly string[]): void {
  const message = broken.length === 0 ? '' : `${text}\n${broken.map((line) => `  ${line}`).join('\n')}`
  expect(message).toBe('')
}

/** "file imports specifier" for each import that is not allowed. */
function forbidden(
  among: readonly SourceFile[],
  isForbidden: (found: SourceImport, file: SourceFile) => boolean,
): string[] {
  return among.flatMap((file) =>
    file.imports
      .filter((found) => isForbidden(found, file))
      .map(({ specifier }) => `${file.path} imports ${specifier}`),
  )
}

const isIn = (found: SourceImport, ...folders: string[]) =>
  folders.some((folder) => found.target?.startsWith(`${folder}/`))
const isPackage = (found: SourceImport, ...names: string[]) =>
  found.target === undefined && names.includes(packageOf(found.specifier))

describe('layers', () => {
  it('the renderer knows of the engine only the wire', () => {
    rule(
      'The renderer may import only engine/host/protocol.ts. Send what it needs over the wire, or move a shared type there.',
      forbidden(
        within('renderer'),
        (found) => isIn(found, 'engine') && found.target !== 'engine/host/protocol.ts',
      ),
    )
  })

  it('the renderer is a web page: no Node, no shell', () => {
    rule(
      'The renderer may not import node:… or electron/. Ask the shell (renderer/shell) or the engine (the wire) for it.',
      forbidden(
        within('renderer'),
        (found) => found.specifier.startsWith('node:') || isIn(found, 'electron', 'test', 'scripts'),
      ),
    )
  })

  it('the engine stands alone', () => {
    rule(
      'The engine may not import renderer/, electron/ or test/. Turn it round: let them import or call the engine.',
      forbidden(within('engine'), (found) => isIn(found, 'renderer', 'electron', 'test', 'scripts')),
    )
  })

  it('the engine uses no packages but its own', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    const own = Object.keys(manifest.dependencies)
    rule(
      'The engine may import node:… and the "dependencies" of package.json; never electron, react or anything of the DOM.',
      forbidden(
        within('engine'),
        (found) =>
          found.target === undefined && !found.specifier.startsWith('node:') && !isPackage(found, ...own),
      ),
    )
    rule(
      'Packages of the window (react, electron, …) are built into it and belong under "devDependencies".',
      own.filter((name) => /react|electron|xyflow|zustand|zundo|monaco|radix|lucide|jsdom/.test(name)),
    )
  })

  it('nodes know neither each other nor what runs them', () => {
    rule(
      // engine/spill is a toolkit like engine/formats: what a node that holds records lays aside on disk.
      'A node file may import engine/spec, engine/formats, engine/spill and packages. Put what two nodes share into engine/spec.',
      forbidden(
        within('engine/nodes').filter(({ path }) => path !== 'engine/nodes/index.ts'),
        (found) => isIn(found, 'engine') && !isIn(found, 'engine/spec', 'engine/formats', 'engine/spill'),
      ),
    )
  })

  it('electron is only known to its shell', () => {
    rule(
      'Only electron/ may import electron. Put the call behind renderer/shell or a port.',
      forbidden(
        within('engine', 'renderer'),
        (found) => isPackage(found, 'electron') || found.specifier.startsWith('electron/'),
      ),
    )
  })

  it('the flow editor is only known to the canvas', () => {
    rule(
      'Only renderer/canvas may import @xyflow/react. Export what you need from the canvas.',
      forbidden(
        files,
        (found, file) => isPackage(found, '@xyflow/react') && !file.path.startsWith('renderer/canvas/'),
      ),
    )
  })

  it('the code editor is only known to its folder', () => {
    rule(
      'Only renderer/code may import monaco-editor: it is large, and loaded on first use. Use the component there.',
      forbidden(
        files,
        (found, file) => isPackage(found, 'monaco-editor') && !file.path.startsWith('renderer/code/'),
      ),
    )
  })

  it('no product code imports tests', () => {
    rule(
      'Only tests may import test/. Move what the product needs out of it.',
      forbidden(within('electron', 'scripts'), (found) => isIn(found, 'test')),
    )
  })

  it('imports run one way, never in a circle', () => {
    rule(
      'These files import each other, type imports included. Move what both need into a file of its own.',
      circles(files),
    )
  })

  it('every relative import names a file', () => {
    const paths = new Set(files.map(({ path }) => path))
    rule(
      'Imports of source files name them with their extension (.ts, .tsx), which Node and the bundler read alike.',
      forbidden(
        within('engine', 'electron', 'renderer'),
        ({ target }) =>
          target !== undefined && !/\.(css|svg|json|woff2|mjs)$/.test(target) && !paths.has(target),
      ),
    )
  })
})

describe('nodes', () => {
  it('every file in engine/nodes is a node type in the list', () => {
    const index = files.find(({ path }) => path === 'engine/nodes/index.ts')!
    const listed = index.imports.map(({ target }) => target)
    rule(
      'Files in engine/nodes are node types: add it to engine/nodes/index.ts, or move it to engine/spec or engine/formats.',
      within('engine/nodes')
        .map(({ path }) => path)
        .filter((path) => path !== index.path && !listed.includes(path)),
    )
  })
})

describe('files', () => {
  it('begin with a comment that says what they are for', () => {
    rule(
      'The first line (after #!) is a comment: one sentence that says what the file is for.',
      files
        .filter(({ text }) => !/^(#!.*\n)?\s*(\/\*\*?|\/\/)\s*\S*/.test(text) || !/^(#!|\/[/*])/.test(text))
        .map(({ path }) => path),
    )
  })

  it('are at most 400 lines long', () => {
    rule(
      'A file does one thing in at most 400 lines. Split it by what its parts are for.',
      files
        .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
        .filter(({ lines }) => lines > 400)
        .map(({ path, lines }) => `${path} has ${lines} lines`),
    )
  })

  it('are named for what is in them', () => {
    rule(
      'utils, helpers, common and types say nothing. Name the file for the one thing that it holds.',
      files
        .map(({ path }) => path)
        .filter((path) => /(^|\/)(utils?|helpers?|common|types)\.(tsx?|mjs)$/.test(path)),
    )
    rule(
      'File names are in kebab-case: letters, digits and hyphens, all small.',
      files
        .map(({ path }) => path)
        .filter(
          (path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(tsx?|mjs)$/.test(path.split('/').at(-1)!),
        ),
    )
  })
})

describe('the reader of imports', () => {
  it.each<[string, string[]]>([
    ["import { a } from './b.ts'", ['./b.ts']],
    ['import type { A } from \'pkg\'\nimport b, {\n  c,\n} from "@s/p/deep"', ['pkg', '@s/p/deep']],
    [
      "import 'side.css'\nexport * from './x.ts'\nexport { y } from './y.ts'",
      ['side.css', './x.ts', './y.ts'],
    ],
    ["const a = await import('./lazy.ts')\nconst b = require('old')", ['./lazy.ts', 'old']],
    ["import worker from './w.ts?worker'", ['./w.ts']],
    ["// import a from 'no'\n/* import 'no' */\n/**\n * import 'no'\n */", []],
    ["const text = 'from here'\nexport const from = 'x'", []],
  ])('finds in %j %j', (text, specifiers) => {
    expect(importsOf('a/file.ts', text).map(({ specifier }) => specifier)).toEqual(specifiers)
  })

  it('resolves relative ones to project files', () => {
    expect(importsOf('engine/flow/a.ts', "import { b } from '../spec/b.ts'")[0]!.target).toBe(
      'engine/spec/b.ts',
    )
  })
})

/** "a → b → a" for each circle of imports, each once. */
function circles(among: readonly SourceFile[]): string[] {
  const targets = new Map(
    among.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]),
  )
  const done = new Set<string>()
  const way: string[] = []
  const found: string[] = []
  const visit = (path: string) => {
    const start = way.indexOf(path)
    if (start >= 0) found.push([...way.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    way.push(path)
    for (const target of targets.get(path) ?? []) visit(target)
    way.pop()
    done.add(path)
  }
  for (const path of targets.keys()) visit(path)
  return found
}
