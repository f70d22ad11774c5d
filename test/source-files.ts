/** The project's source files and what they import, read from their text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface SourceFile {
  /** From the project's root, with slashes: "engine/flow/parse.ts". */
  path: string
  text: string
  imports: SourceImport[]
}

export interface SourceImport {
  /** As written: "../flow/parse.ts", "react". */
  specifier: string
  /** The project file that a relative specifier names; nothing for packages. */
  target?: string
}

/** `from '…'`, `import '…'`, `import('…')`, `require('…')`, at the start of a statement or inside one. */
const IMPORT =
  /(?:^|[\s;}(=])(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]|(?:^|[\s;}])import\s*['"]([^'"\n]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]/gm

/** All source files of these top folders, in the order of their paths. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => findFiles(folder))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
}

/** Specifiers of every import in the text, type imports and dynamic ones included; comments do not count. */
export function importsOf(path: string, text: string): SourceImport[] {
  return [...withoutComments(text).matchAll(IMPORT)].map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3])!.replace(/\?.*$/, '')
    if (!specifier.startsWith('.')) return { specifier }
    return { specifier, target: join(dirname(path), specifier).split(sep).join('/') }
  })
}

/** The package of a bare specifier: "react-dom/client" → "react-dom". */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)\s*$/gm, '')
}

function findFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => [folder, ...path.split(sep)].join('/'))
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !/\/(node_modules|dist)\/|\.d\.ts$/.test(path))
}
