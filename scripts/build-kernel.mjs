/**
 * Compiles engine/kernel/assembly to WebAssembly. The result is kept in node_modules/.cache under the hash of its
 * sources, so that it is made once for each change, whoever asks: the build, the tests, or `node scripts/build-kernel.mjs`.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(import.meta.dirname)
const SOURCES = join(ROOT, 'engine/kernel/assembly')
const LAYOUT = join(ROOT, 'engine/kernel/layout.ts')
const CACHE = join(ROOT, 'node_modules/.cache/weir-kernel')
/** The file whose text the build replaces; see there. */
const BINARY = join(ROOT, 'engine/kernel/binary.ts')

// Why the memory is a shared one: engine/kernel/module.ts.
const MEMORY = ['--importMemory', '--sharedMemory', '--maximumMemory', '65536']
const FLAGS = ['--runtime', 'stub', '-O3', '--enable', 'simd', '--enable', 'threads', '--noAssert', ...MEMORY]

/** The compiled module, as bytes. Fails with the compiler's own words. */
export async function kernelBytes() {
  const file = join(CACHE, `${hash()}.wasm`)
  if (existsSync(file)) return readFileSync(file)
  const { default: asc } = await import('assemblyscript/asc')
  mkdirSync(CACHE, { recursive: true })
  // Under a name of its own until it is whole: several test files may ask at once.
  const made = `${process.pid}-${performance.now()}.wasm`
  const complaints = []
  const { error } = await asc.main(
    [join(SOURCES, 'index.ts'), '--baseDir', ROOT, '--outFile', made, ...FLAGS],
    {
      stderr: { write: (text) => complaints.push(text) },
      readFile,
      writeFile: (name, contents) => writeFileSync(join(CACHE, name), contents),
    },
  )
  if (error) throw new Error(`The kernels do not compile.\n${complaints.join('')}`, { cause: error })
  renameSync(join(CACHE, made), file)
  return readFileSync(file)
}

/** For Vite and Vitest: puts the compiled kernels into engine/kernel/binary.ts. */
export function kernelPlugin() {
  return {
    name: 'weir:kernel',
    enforce: /** @type {const} */ ('pre'),
    async load(id) {
      if (fileURLToPath(new URL(`file://${id.split('?')[0]}`)) !== BINARY) return undefined
      for (const path of sources()) this.addWatchFile(path)
      return `export const KERNEL_BASE64 = '${(await kernelBytes()).toString('base64')}'\n`
    },
  }
}

/** Imports name files with their ending, as everywhere in the project; this compiler wants them without. */
function readFile(name, folder) {
  const path = resolve(folder, name)
  if (!existsSync(path)) return null
  return readFileSync(path, 'utf8').replace(/(\bfrom '\.[^'\n]*)\.ts'/g, "$1'")
}

function sources() {
  const names = readdirSync(SOURCES).filter((name) => name.endsWith('.ts'))
  return [...names.sort().map((name) => join(SOURCES, name)), LAYOUT]
}

function hash() {
  const sum = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const path of sources()) sum.update(`\0${path.slice(ROOT.length)}\0`).update(readFileSync(path))
  return sum.digest('hex').slice(0, 24)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await kernelBytes()
  console.log(`The kernels compile: ${bytes.length} bytes.`)
}
