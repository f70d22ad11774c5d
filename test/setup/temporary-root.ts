/**
 * One temporary folder for a whole run of the tests, in which all others are made. It goes when the run ends; where that
 * was killed, the next one removes it: its name says the process and when that began.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, processScope, startMark } from '../../engine/formats/process-mark.ts'

const NAME = /^weir-tests-([0-9a-f]{8})-(\d{1,10})-(\d+)-\w{6}$/
/** What says where temporary files go, on all systems. */
const VARIABLES = ['TMPDIR', 'TEMP', 'TMP']

/** Called by vitest before the first test; what it returns, behind the last one. */
export default function setUp(): () => void {
  const system = tmpdir()
  removeAbandoned(system)
  const mark = `${processScope()}-${process.pid}-${startMark(process.pid)}`
  const root = mkdtempSync(join(system, `weir-tests-${mark}-`))
  // Threads and programs that tests start inherit it.
  for (const name of VARIABLES) process.env[name] = root
  return () => rmSync(root, { recursive: true, force: true })
}

/** Removes the folders of test runs that live no longer, and nothing else. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, scope, pid, start] = NAME.exec(name) ?? []
    if (scope !== processScope() || isRunning(Number(pid), start!)) continue
    try {
      rmSync(join(folder, name), { recursive: true, force: true })
    } catch {
      // Somebody else's: a courtesy to the disk and nothing more.
    }
  }
}

/** The process itself, and not a later one that was given its number. */
function isRunning(pid: number, start: string): boolean {
  return isAlive(pid) && (start === '0' || startMark(pid) === start)
}
