/** Asks the build that is measured whether it has what a case needs. */
import { spawnSync } from 'node:child_process'
import type { Needs } from './cases/case.ts'

/** What this `weir` lacks, as the end of "weir has no …"; empty where nothing is missing. */
export function unmetNeeds(weir: string, { options = [], fileFormat }: Needs): string[] {
  const lacking: string[] = []
  if (options.length > 0) {
    const help = said(weir, ['run', '--help'])
    const known = new Set(help.match(/--[\w-]+/g))
    for (const option of options) if (!known.has(option)) lacking.push(`${option} for run`)
  }
  if (fileFormat !== undefined && !said(weir, ['nodes', 'file', '--json']).includes(`"${fileFormat}"`)) {
    lacking.push(`format ${fileFormat} for files`)
  }
  return lacking
}

function said(weir: string, words: string[]): string {
  return spawnSync(process.execPath, [weir, ...words], { encoding: 'utf8' }).stdout
}
