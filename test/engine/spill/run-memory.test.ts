/** The temporary folder of a run: made late, removed at the end, and by the next start where the process died. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeAbandonedIn, RunMemory, type Holder } from '../../../engine/spill/run-memory.ts'
import { temporaryFolder } from '../fake-context.ts'

describe('the memory of a run', () => {
  it('is divided among those that hold', () => {
    const alone = new RunMemory({ limitMb: 256, holders: [], workers: 1 }).share('node')
    const four = new RunMemory({ limitMb: 256, holders: [], workers: 4 }).share('node')
    expect(four.bytes).toBe(alone.bytes / 4)
    expect(alone.bytes).toBeLessThan(256 * 1024 * 1024)
  })

  it('goes to those that may need it, where others know that they need little', () => {
    const of = (limitMb: number, holders: Holder[], workers = 1) => {
      const memory = new RunMemory({ limitMb, holders, workers })
      return holders.map(({ node }) => memory.share(node).bytes)
    }
    const group = { node: 'group' }
    const few = { node: 'few', about: 5000 }
    const many = { node: 'many', about: 2 ** 32 }
    const [all] = of(256, [group]) as [number]
    expect(of(256, [few])).toEqual([all])
    expect(of(256, [group, few])).toEqual([(all * 7) / 8, all / 8])
    expect(of(256, [group, few], 2)).toEqual([(all * 7) / 16, all / 16])
    expect(of(256, [group, many])).toEqual([all / 2, all / 2])
    expect(of(256, [few, { ...few, node: 'other' }])).toEqual([all / 2, all / 2])
    // Nothing can be done with less than a quarter of a megabyte.
    expect(of(8, [group, few])[1]).toBe(256 * 1024)
    expect(of(1, [group, few])).toEqual([all / 512, all / 512])
  })

  it('has a folder from the first file to the end', () => {
    const root = temporaryFolder()
    const guarded = new Set<string>()
    const guard = (path: string) => {
      guarded.add(path)
      return () => guarded.delete(path)
    }
    const memory = new RunMemory({ limitMb: 16, holders: [], workers: 1, root, guard })
    expect(readdirSync(root)).toEqual([])
    const share = memory.share('node')
    expect(share.onDisk).toBe(false)
    const [first, second] = [share.newFile(), memory.share('node').newFile()]
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
    const memory = new RunMemory({ limitMb: 16, holders: [], workers: 1, root })
    expect(() => memory.share('node').newFile()).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/missing” cannot take them: there is no such folder/),
        remedy: expect.stringContaining('TMPDIR'),
      }),
    )
  })

  it('says so where too many share it', () => {
    const memory = new RunMemory({ limitMb: 16, holders: [], workers: 100, root: temporaryFolder() })
    expect(() => memory.share('node').newFile()).toThrow(/16 MB of memory leave 0.1 MB for each of 100 parts/)
  })
})

describe('what a killed process left', () => {
  it('is removed, and nothing else', async () => {
    const root = temporaryFolder()
    const living = new RunMemory({ limitMb: 16, holders: [], workers: 1, root })
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
