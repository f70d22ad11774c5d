/** What the numbers were measured on. */
import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** Facts by name. The load is of the minute before the bench began: others at work make numbers worse. */
export function machineFacts(): [string, string][] {
  const cores = cpus()
  return [
    ['processor', `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['system', `${type()} ${release()}, ${process.arch}`],
    ['load before it began', loadavg()[0]!.toFixed(1)],
  ]
}
