/** `docs/benchmarks.md`: a bench as a page. */
import type { BenchResult, CaseResult } from '../results.ts'
import { CASE_HEAD, caseRows, figureRows, troubles } from './case-rows.ts'
import { bytesText, countText } from './number-text.ts'
import { markdownTable } from './table.ts'

/** The page's text. `notes` are what people have written about the numbers; they go behind the summary. */
export function pageOf(bench: BenchResult, notes: string): string {
  return [
    '<!-- Written by `npm run bench -- --write`; changes made here are lost. Notes are in test/bench/notes.md. -->',
    '# Benchmarks',
    INTRODUCTION,
    bench.scale < 1 ? SMALL : '',
    '## What has to be reached',
    barTable(bench.cases),
    notes.trim(),
    '## How it was measured',
    howText(bench),
    ...bench.cases.map(caseSection),
    '## Commands',
    'What each contender was started with. `$DATA` is the folder of the data, `$TOOLS` that of installed and built peers.',
    ...bench.cases.filter(({ contenders }) => contenders.length > 0).map(commandSection),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = `The same work in Weir and in other programs. Every number is a whole process with its start-up; the
contenders take turns (A B C, A B C, …) in one go after a warm-up of each, and a contender whose answer differs is
reported, not timed. *Weir is* says how many times a contender's speed Weir has, in records per second: below 1 Weir is the
slower one. A contender that is too slow for all of the data gets the part that is named, with less work to spread its
start-up over.`

const SMALL = `These numbers are of a bench smaller than the full one: start-up weighs more in them, so that a program that
starts slowly (Weir, DuckDB and Polars here) looks worse beside one that starts at once than it does with all of the data.`

function barTable(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ title, bars }) =>
    bars.map(({ say, verdict, found }) => [title, say, verdict === 'missed' ? '**missed**' : verdict, found]),
  )
  return markdownTable(['work', 'must reach', '', 'reached'], rows)
}

function howText({ date, command, scale, runs, machine, peers, data }: BenchResult): string {
  const facts: string[][] = [
    ['date', date],
    ['command', `\`${command}\``],
    ['scale', `${scale}${scale === 1 ? '' : ', where 1 is the full size'}`],
    ['runs', `${runs} of each contender, after one warm-up`],
    ...machine,
    ...peers,
  ]
  const sets = data.map(({ id, title, records, bytes, sha256 }) => [
    id,
    title,
    countText(records),
    bytesText(bytes),
    `\`${sha256.slice(0, 16)}\``,
  ])
  return [
    markdownTable(['', ''], facts),
    sets.length > 0 ? markdownTable(['data', '', 'records', 'size', 'SHA-256'], sets) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function caseSection(result: CaseResult): string {
  const figures = figureRows(result)
  return [
    `## ${result.title}`,
    `${result.work} ${countText(result.records)} records.`,
    result.notMeasurable === undefined ? '' : `Not measurable yet: ${result.notMeasurable}`,
    result.contenders.length > 0 ? markdownTable(CASE_HEAD, caseRows(result)) : '',
    figures.length > 0 ? markdownTable(['', 'median', 'min – max'], figures) : '',
    troubles(result)
      .map((line) => `- ${line}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function commandSection({ title, contenders }: CaseResult): string {
  const lines = contenders.filter(({ shown }) => shown !== '').map(({ shown }) => shown)
  return `### ${title}\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\``
}
