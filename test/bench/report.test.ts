/** What the bench tells: verdicts, tables, the page, commands. */
import { describe, expect, it } from 'vitest'
import { judge } from './bars.ts'
import type { Bar } from './cases/case.ts'
import { DATA, ROOT } from './folders.ts'
import type { Outcome } from './measure/race.ts'
import { summaryOf } from './measure/statistics.ts'
import { readOptions } from './options.ts'
import { caseRows } from './report/case-rows.ts'
import { bytesText, countText, factorText, rateText, secondsText } from './report/number-text.ts'
import { pageOf } from './report/page.ts'
import { markdownTable, plainTable } from './report/table.ts'
import { caseText } from './report/terminal.ts'
import type { CaseResult } from './results.ts'
import { shownCommand } from './shown-command.ts'

const measured = (records: number, seconds: number, peakBytes: number | null = 1e8): Outcome => ({
  outcome: 'measured',
  seconds: summaryOf([seconds]),
  rate: records / seconds,
  peakBytes,
  cpuSeconds: seconds,
  cpuSamples: [seconds],
})
const missing: Outcome = { outcome: 'missing', why: 'not installed' }

const RESULT: CaseResult = {
  id: 'case',
  title: 'A case',
  work: 'Works.',
  records: 1_000_000,
  contenders: [
    { id: 'weir', title: 'Weir', share: 1, shown: 'node weir.js run', outcome: measured(1e6, 2) },
    { id: 'slow', title: 'Slow', share: 0.1, shown: "sh -c 'a | b'", outcome: measured(1e5, 1) },
    { id: 'gone', title: 'Gone', share: 1, shown: '', outcome: missing },
  ],
  figures: {},
  bars: [
    { say: 'at least 2 × Slow', verdict: 'met', found: '5.00 × its speed' },
    { say: 'at least 1 M/s', verdict: 'missed', found: '500 k/s' },
  ],
}

describe('numbers', () => {
  it('have three digits that count and a unit', () => {
    expect([secondsText(0.0561), secondsText(1.2345), secondsText(83.21)]).toEqual([
      '56.1 ms',
      '1.23 s',
      '83.2 s',
    ])
    expect([rateText(950), rateText(4500), rateText(61_200_000)]).toEqual(['950 /s', '4.50 k/s', '61.2 M/s'])
    expect([factorText(0.0371), factorText(5288), factorText(0)]).toEqual(['0.037 ×', '5288 ×', '0 ×'])
    expect([bytesText(123_400_000), bytesText(-2e6)]).toEqual(['123 MB', '-2 MB'])
    expect(countText(4_600_000)).toBe('4 600 000')
  })
})

describe('verdicts', () => {
  const judged = (bar: Bar, weir: Outcome, other: Outcome = missing) =>
    judge(bar, {
      outcomes: new Map([
        ['weir', weir],
        ['other', other],
      ]),
      figures: {},
    })
  const twice: Bar = { kind: 'speed', than: 'other', atLeast: 2, say: 'twice' }

  it('compare records per second, whatever part of the work another did', () => {
    expect(judged(twice, measured(1000, 1), measured(100, 0.2))).toEqual({
      say: 'twice',
      verdict: 'met',
      found: '2.00 × its speed',
    })
    expect(judged(twice, measured(1000, 1), measured(600, 1))).toMatchObject({
      verdict: 'missed',
      found: '1.67 × its speed, 1.20 × too slow',
    })
  })

  it('are not given where a number is missing', () => {
    expect(judged(twice, measured(1, 1))).toEqual({
      say: 'twice',
      verdict: 'not measured',
      found: 'not installed',
    })
    expect(judged(twice, { outcome: 'wrong', why: 'no' }, measured(1, 1))).toMatchObject({
      found: 'Weir wrong: no',
    })
    expect(judged({ kind: 'peak', atMost: 1, say: '' }, measured(1, 1, null)).verdict).toBe('not measured')
  })

  it('hold rates, times and memory against their bounds', () => {
    expect(judged({ kind: 'rate', atLeast: 10, say: '' }, measured(100, 10)).verdict).toBe('met')
    expect(judged({ kind: 'rate', atLeast: 10, say: '' }, measured(99, 10)).verdict).toBe('missed')
    expect(judged({ kind: 'seconds', atMost: 1, say: '' }, measured(1, 1.01)).verdict).toBe('missed')
    expect(judged({ kind: 'peak', atMost: 5e7, say: '' }, measured(1, 1))).toMatchObject({
      verdict: 'missed',
      found: '100 MB, 2.00 × too much',
    })
  })

  it('hold each run against the one beside it, for what something costs', () => {
    const runs = (wall: number[], cpu: number[]): Outcome => ({
      outcome: 'measured',
      seconds: summaryOf(wall),
      rate: 1,
      peakBytes: null,
      cpuSeconds: null,
      cpuSamples: cpu,
    })
    const cost: Bar = { kind: 'cost', than: 'other', of: 'processor', atMost: 0.02, say: 'little' }
    // The machine became slower on the way, which both had to bear.
    const [on, off] = [
      [1.01, 2.02, 4.04, 8.8, 16],
      [1, 2, 4, 8, 16],
    ] as const
    const beside = (of: Bar) => judged(of, runs([3, 3, 3, 3, 3], [...on]), runs([2, 2, 2, 2, 2], [...off]))
    expect(beside(cost)).toEqual({
      say: 'little',
      verdict: 'met',
      found: '1.0 %; half of 5 pairs between 1.0 % and 1.0 %',
    })
    expect(beside({ ...cost, of: 'wall' })).toMatchObject({
      verdict: 'missed',
      found: '50.0 %; half of 5 pairs between 50.0 % and 50.0 %',
    })
    expect(judged(cost, runs([3], []), runs([2], [])).verdict).toBe('not measured')
  })

  it('ask every run for a figure, not only the middle one', () => {
    const bar: Bar = { kind: 'figure', of: 'stop', atMost: 0.2, say: 'stops' }
    const verdict = judge(bar, { outcomes: new Map(), figures: { stop: summaryOf([0.1, 0.1, 0.3]) } })
    expect(verdict).toMatchObject({ verdict: 'missed', found: '300 ms, 1.50 × too much' })
  })
})

describe('tables', () => {
  it('escape bars in Markdown', () => {
    expect(markdownTable(['a', 'b'], [['x | y', 'z']])).toBe('| a | b |\n| --- | --- |\n| x \\| y | z |')
  })

  it('stand in columns in the terminal', () => {
    expect(
      plainTable(
        ['', 'n'],
        [
          ['long', '1'],
          ['x', '10'],
        ],
      ),
    ).toBe('       n\nlong   1\nx     10')
  })

  it('say how many times a contender’s speed Weir has', () => {
    expect(caseRows(RESULT)).toEqual([
      ['Weir', '2.00 s', '2.00 s – 2.00 s', '500 k/s', '', '100 MB', '2.00 s'],
      ['Slow (10 % of it)', '1.00 s', '1.00 s – 1.00 s', '100 k/s', '5.00 ×', '100 MB', '1.00 s'],
      ['Gone', 'missing', '', '', '', '', ''],
    ])
  })
})

describe('the report', () => {
  const bench = {
    date: '2026-01-02',
    command: 'npm run bench -- --scale 0.5',
    scale: 0.5,
    runs: 3,
    machine: [['processor', 'P, 2 cores']] as [string, string][],
    peers: [['weir', '1.0']] as [string, string][],
    data: [],
    cases: [
      RESULT,
      { ...RESULT, title: 'Another', contenders: [], notMeasurable: 'weir run has no --x.', bars: [] },
    ],
  }

  it('on the page has every bar, what was missed, why a case has no numbers, and the commands', () => {
    const page = pageOf(bench, 'A note.\n')
    expect(page).toContain('| A case | at least 1 M/s | **missed** | 500 k/s |')
    expect(page).toContain('- Gone: missing, not installed')
    expect(page).toContain('Not measurable yet: weir run has no --x.')
    expect(page).toContain("```sh\nnode weir.js run\nsh -c 'a | b'\n```")
    expect(page).toContain('A note.')
    expect(page).toContain('smaller than the full one')
    expect(pageOf({ ...bench, scale: 1 }, '')).not.toContain('smaller than the full one')
  })

  it('in the terminal has verdicts and troubles', () => {
    expect(caseText(RESULT).split('\n').slice(-3)).toEqual([
      'Gone: missing, not installed',
      'met: at least 2 × Slow (5.00 × its speed)',
      'missed: at least 1 M/s (500 k/s)',
    ])
  })

  it('names no folders of the machine', () => {
    expect(shownCommand([process.execPath, `${ROOT}/dist/a b.js`, `${DATA}/x.log`], { A: '1 2' })).toBe(
      "A='1 2' node 'dist/a b.js' $DATA/x.log",
    )
  })
})

describe('options', () => {
  it('are the full bench unless something else is said', () => {
    expect(readOptions([])).toMatchObject({ scale: 1, runs: 5, cases: [], peers: [], write: false })
    expect(readOptions(['--scale', '0.02', '--cases', 'a, b', '--write'])).toMatchObject({
      scale: 0.02,
      cases: ['a', 'b'],
      write: true,
    })
  })

  it.each([
    ['--scale', '2'],
    ['--scale', 'x'],
    ['--runs', '0'],
    ['--runs', '1.5'],
    ['--unknown', ''],
  ])('refuse %s %s', (...words) => {
    expect(() => readOptions(words)).toThrow(words[0])
  })
})
