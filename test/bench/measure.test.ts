/** What the bench makes of samples and answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dissenters } from './measure/agreement.ts'
import { bytesFileAnswer, ndjsonFileAnswer, rowsAnswer } from './measure/answer.ts'
import { race } from './measure/race.ts'
import type { Runner } from './measure/race.ts'
import { growthOf } from './measure/stall.ts'
import { summaryOf } from './measure/statistics.ts'
import { runProcess } from './measure/whole-process.ts'
import type { ProcessRun } from './measure/whole-process.ts'

describe('a summary', () => {
  it('has the middle one of an odd number, and the mean of the middle two of an even one', () => {
    expect(summaryOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9, samples: [9, 1, 5] })
    expect(summaryOf([10, 1, 2, 4])).toMatchObject({ median: 3, min: 1, max: 10 })
    expect(summaryOf([7])).toMatchObject({ median: 7, min: 7, max: 7 })
  })

  it('of nothing is refused', () => {
    expect(() => summaryOf([])).toThrow('no samples')
  })
})

describe('growth of memory', () => {
  it('leaves the start out, and single peaks', () => {
    expect(growthOf([10, 50, 90, 100, 100, 100, 100, 180, 100])).toBe(0)
    expect(growthOf([0, 0, 0, 100, 110, 120, 130, 140, 150])).toBe(30)
  })

  it('is not told from too few samples', () => {
    expect(() => growthOf([1, 2])).toThrow('Too few samples')
  })
})

describe('agreement', () => {
  const given = (group: string, ...answers: string[]) =>
    answers.map((answer, index) => ({ id: `${group}${index}`, group, answer }))

  it('is with the answer that most gave', () => {
    expect([...dissenters(given('a', 'x', 'y', 'x'))]).toEqual([['a1', 'x']])
    expect([...dissenters(given('a', 'x', 'x'))]).toEqual([])
  })

  it('is not to be had where two answers have as many voices', () => {
    expect([...dissenters(given('a', 'x', 'y'))]).toEqual([
      ['a0', null],
      ['a1', null],
    ])
  })

  it('is found for each group by itself', () => {
    expect([...dissenters([...given('a', 'x', 'x'), ...given('b', 'y', 'y', 'x')])]).toEqual([['b2', 'y']])
  })
})

describe('answers', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const file = (text: string) => {
    const path = join(folder, `${Math.random()}.ndjson`)
    writeFileSync(path, text)
    return path
  }

  it('in rows are equal as NDJSON and tab-separated', () => {
    expect(rowsAnswer('{"path":"/a","hits":3}\n{"path":"/b","hits":2}\n')).toBe(rowsAnswer('/a\t3\n/b\t2'))
    expect(rowsAnswer('/a\t3\n')).not.toBe(rowsAnswer('/a\t4\n'))
  })

  it('in files of records pass over the order of lines and of fields', async () => {
    const answer = await ndjsonFileAnswer(file('{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'))
    expect(await ndjsonFileAnswer(file('{"b": "y", "a": 2}\n{"b": "x", "a": 1}'))).toBe(answer)
  })

  it.each([
    ['another value', '{"a":1}\n{"a":3}\n'],
    ['another type', '{"a":1}\n{"a":"2"}\n'],
    ['a line less', '{"a":1}\n'],
    ['a line twice', '{"a":1}\n{"a":2}\n{"a":2}\n'],
  ])('in files of records differ by %s', async (_, text) => {
    expect(await ndjsonFileAnswer(file(text))).not.toBe(await ndjsonFileAnswer(file('{"a":1}\n{"a":2}\n')))
  })

  it('in files of bytes differ by their order', async () => {
    const answer = await bytesFileAnswer(file('a\nb\n'))
    expect(await bytesFileAnswer(file('a\nb\n'))).toBe(answer)
    expect(await bytesFileAnswer(file('b\na\n'))).not.toBe(answer)
  })
})

describe('a race', () => {
  const order: string[] = []
  beforeEach(() => order.splice(0))

  /** Runs in as many seconds as its next sample says; the first is the warm-up. */
  function runner(
    id: string,
    samples: number[],
    more: Partial<Runner> & { code?: number; says?: string } = {},
  ): Runner {
    const left = [...samples]
    const run: Omit<ProcessRun, 'seconds'> = {
      cpuSeconds: null,
      peakBytes: samples.length,
      code: more.code ?? 0,
      stdout: more.says ?? 'right',
      stderr: 'trouble',
      timedOut: false,
    }
    return {
      id,
      group: '1',
      timed: true,
      records: 100,
      run: async () => {
        order.push(id)
        return { ...run, seconds: left.shift()! }
      },
      answer: async ({ stdout }) => stdout,
      ...more,
    }
  }
  const quiet = () => {}

  it('takes turns after a warm-up that does not count', async () => {
    const outcomes = await race([runner('a', [99, 1, 2, 3]), runner('b', [99, 4, 4, 4])], {
      runs: 3,
      told: quiet,
    })
    expect(order.join('')).toBe('abababab')
    expect(outcomes.get('a')).toMatchObject({
      outcome: 'measured',
      seconds: { median: 2, min: 1, max: 3 },
      rate: 50,
    })
  })

  it('turns the order round where that is asked for', async () => {
    const options = { runs: 3, turned: true, told: quiet }
    await race([runner('a', [99, 1, 2, 3]), runner('b', [99, 4, 4, 4])], options)
    expect(order.join('')).toBe('ababbaab')
  })

  it('does not time a wrong answer', async () => {
    const outcomes = await race(
      [runner('a', [1, 1]), runner('b', [1, 1], { says: 'wrong' }), runner('c', [1, 1])],
      { runs: 1, told: quiet },
    )
    expect(order.join('')).toBe('abcac')
    expect(outcomes.get('b')).toEqual({
      outcome: 'wrong',
      why: 'it answered "wrong", the others "right"',
    })
  })

  it('tells what a contender said that failed', async () => {
    const outcomes = await race([runner('a', [1, 1]), runner('b', [1], { code: 3 })], {
      runs: 1,
      told: quiet,
    })
    expect(outcomes.get('b')).toEqual({ outcome: 'failed', why: 'it ended with 3: trouble' })
    expect(outcomes.get('a')).toMatchObject({ outcome: 'measured' })
  })

  it('asks a witness once, and does not time it', async () => {
    const part = { group: '0.1', says: 'part' }
    const outcomes = await race(
      [runner('a', [1, 1]), runner('b', [1, 1], part), runner('witness', [1], { ...part, timed: false })],
      { runs: 1, told: quiet },
    )
    expect(order).toEqual(['a', 'b', 'witness', 'a', 'b'])
    expect([...outcomes.keys()].sort()).toEqual(['a', 'b'])
  })
})

describe('a process', () => {
  const node = (script: string) =>
    runProcess({
      argv: [process.execPath, '-e', script],
      cwd: tmpdir(),
      env: { SAID: 'aloud' },
      timeoutMs: 60_000,
    })

  it('is measured with what it says and how it ends', async () => {
    const run = await node('console.log(process.env.SAID); console.error("aside"); process.exit(3)')
    expect(run).toMatchObject({ code: 3, stdout: 'aloud\n', stderr: 'aside\n', timedOut: false })
    expect(run.seconds).toBeGreaterThan(0)
  })

  it('is not given what the machine sets for every Node program', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-warnings')
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '/nowhere')
    const run = await node('console.log(process.env.NODE_OPTIONS, process.env.NODE_EXTRA_CA_CERTS)')
    vi.unstubAllEnvs()
    expect(run.stdout).toBe('undefined undefined\n')
  })

  it('that holds memory has it in its peak', async () => {
    const small = await node('')
    const large = await node('Buffer.alloc(200_000_000, 1)')
    // Without GNU time neither is known.
    const grown = small.peakBytes === null ? null : large.peakBytes! - small.peakBytes
    expect(grown === null || (grown > 150_000_000 && grown < 300_000_000)).toBe(true)
  })

  it('that does not end is ended, with what it has started', async () => {
    const run = await runProcess({ argv: ['sh', '-c', 'sleep 600; true'], cwd: tmpdir(), timeoutMs: 50 })
    expect(run).toMatchObject({ code: null, timedOut: true })
  })
})
