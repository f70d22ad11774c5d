/**
 * `npx weir` before the first build failed for ever after: npx remembers a package's program from its first use, and
 * could not link one that the build had still to make. So the program named in package.json is in the sources.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { weir: string } }

test('the program is a file of the sources that can be executed', () => {
  const listed = spawnSync('git', ['ls-files', '-s', bin.weir], { cwd: root, encoding: 'utf8' }).stdout
  // Outside a checkout there is no list to look at.
  if (listed !== '') expect(listed).toMatch(/^100755 /)
  expect(statSync(join(root, bin.weir)).isFile()).toBe(true)
  expect(bin.weir).not.toMatch(/^dist\//)
})

test('without a build it says what to run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-program-'))
  try {
    const program = join(folder, bin.weir)
    mkdirSync(join(program, '..'))
    copyFileSync(join(root, bin.weir), program)
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'nodes'], { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'error: Weir is not built yet. Run npm ci in its folder, or npm run build.\n',
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
