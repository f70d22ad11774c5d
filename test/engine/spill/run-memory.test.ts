/** The temporary folder of a run: made late, removed at the end, and by the next start where the process died. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeAbandonedIn, RunMemory } from '../../../engine/spill/run-memory.ts'
import { temporaryFolder } from '../fake-context.ts'

describe('the memory of a run', () => {
  it('is divided among those that hold', () => {
    const alone = new RunMemory({ limitMb: 256, shares: 1 }).share()
    const four = new RunMemory({ limitMb: 256, shares: 4 }).share()
    expect(four.bytes).toBe(alone.bytes / 4)
    expect(alone.bytes).toBeLessThan(256 * 1024 * 1024)
    expect(new RunMemory({ limitMb: 256, shares: 0 }).share().bytes).toBe(alone.bytes)
  })

  it('has a folder from the first file to the end', () => {
    const root = temporaryFolder()
    const guarded = new Set<string>()
    const guard = (path: string) => {
      guarded.add(path)
      return () => guarded.delete(path)
    }
    const memory = new RunMemory({ limitMb: 16, shares: 1, root, guard })
    expect(readdirSync(root)).toEqual([])
    const share = memory.share()
    expect(share.onDisk).toBe(false)
    const [first, second] = [share.newFile(), memory.share().newFile()]
    expect(share.onDisk).toBe(true)
    writeFileSync(first, 'x')
    expect(second).not.toBe(first)
    expect([...guarded]).toEqual([dirname(first)])
    memory.close()
    expect(readdirSync(root)).toEqual([])
    expect(guarded.size).toBe(0)
  })

  it('says where and what to do when there can be no folder', () => {
    const root = join(temporaryFolder(), 'missing')
    const memory = new RunMemory({ limitMb: 16, shares: 1, root })
    expect(() => memory.share().newFile()).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/missing” cannot take them: there is no such folder/),
        remedy: expect.stringContaining('TMPDIR'),
      }),
    )
  })

  it('says so where too many share it', () => {
    const memory = new RunMemory({ limitMb: 16, shares: 100, root: temporaryFolder() })
    expect(() => memory.share().newFile()).toThrow(/16 MB of memory leave 0.1 MB for each of 100 parts/)
  })
})

describe('what a killed process left', () => {
  it('is removed, and nothing else', async () => {
    const root = temporaryFolder()
    const living = new RunMemory({ limitMb: 16, shares: 1, root })
    const kept = living.folder()
    // A process that has just died, so that nobody else has its number yet.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    const dead = join(root, basename(kept).replace(`-${process.pid}-`, `-${child.pid}-`))
    mkdirSync(dead)
    writeFileSync(join(dead, '1'), 'half a run')
    child.kill('SIGKILL')
    await once(child, 'exit')
    // The number of a living process that began at another time: the one that made it is gone.
    const reused = basename(kept).replace(/-\d+-(\w{6})$/, '-1-$1')
    mkdirSync(join(root, reused))
    mkdirSync(join(root, 'weir-run-of-mine'))
    // Another machine's, or another container's.
    mkdirSync(join(root, basename(dead).replace(/^weir-run-\w{8}/, 'weir-run-00000000')))

    await removeAbandonedIn(root)
    expect(existsSync(dead)).toBe(false)
    expect(existsSync(kept)).toBe(true)
    expect(readdirSync(root)).toHaveLength(process.platform === 'linux' ? 3 : 4)
    living.close()
  })
})
