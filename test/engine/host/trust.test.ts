/** Which code may run without asking. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTrustStore, MAX_TRUSTED } from '../../../engine/host/trust.ts'
import { registry } from '../flow/sample-types.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-trust-'))
  file = join(folder, 'trusted.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const stored = () => (JSON.parse(readFileSync(file, 'utf8')) as { sha256: string[] }).sha256
const hash = (source: string) => createHash('sha256').update(source).digest('hex')

describe('trusted code', () => {
  it('is what the user agreed to, to the letter', async () => {
    const store = createTrustStore(null)
    expect(store.isTrusted('record + 1')).toBe(false)
    await store.trust(['record + 1'])
    expect(store.isTrusted('record + 1')).toBe(true)
    expect(store.isTrusted('record + 1 ')).toBe(false)
  })

  it('is still trusted by the next program, which finds hashes and no code in the file', async () => {
    await createTrustStore(file).trust(['secret()', 'other()'])
    expect(createTrustStore(file).isTrusted('secret()')).toBe(true)
    expect(readFileSync(file, 'utf8')).not.toContain('secret')
    expect(stored()).toEqual([hash('secret()'), hash('other()')])
  })

  it('leaves no other file behind', async () => {
    const store = createTrustStore(file)
    await Promise.all([store.trust(['a']), store.trust(['b']), store.trust(['c'])])
    expect(readdirSync(folder)).toEqual(['trusted.json'])
    expect(stored()).toEqual(['a', 'b', 'c'].map(hash))
  })

  it('of another program that shares the file is kept', async () => {
    const one = createTrustStore(file)
    const two = createTrustStore(file)
    await one.trust(['one'])
    await two.trust(['two'])
    expect(new Set(stored())).toEqual(new Set([hash('one'), hash('two')]))
  })

  it('is limited in number: the oldest is asked about again, what was agreed to anew stays', async () => {
    const store = createTrustStore(file)
    await store.trust(Array.from({ length: MAX_TRUSTED }, (_, i) => `code ${i}`))
    await store.trust(['code 0', 'new'])
    expect(store.isTrusted('code 0')).toBe(true)
    expect(store.isTrusted('code 1')).toBe(false)
    expect(store.isTrusted('code 2')).toBe(true)
    expect(stored()).toHaveLength(MAX_TRUSTED)
  })

  it('that cannot be saved is trusted until the end, and the failure is told', async () => {
    writeFileSync(join(folder, 'in-the-way'), 'a file where a folder is needed')
    const store = createTrustStore(join(folder, 'in-the-way', 'trusted.json'))
    await expect(store.trust(['a'])).rejects.toThrow(/could not be saved in .*trusted\.json.*asked again/)
    expect(store.isTrusted('a')).toBe(true)
    await expect(store.trust(['b'])).rejects.toThrow('could not be saved')
  })
})

describe('a damaged file', () => {
  it.each(['', '{', 'null', '[]', '{"sha256":"x"}', '{"sha256":["x"]}', '{"sha256":[5]}'])(
    'holding %j trusts nothing, and a copy is kept',
    async (text) => {
      writeFileSync(file, text)
      const store = createTrustStore(file)
      expect(store.isTrusted('x')).toBe(false)
      expect(store.notice).toContain('damaged')
      expect(readFileSync(`${file}.corrupt`, 'utf8')).toBe(text)
      await store.trust(['a'])
      expect(stored()).toEqual([hash('a')])
    },
  )

  it('that is missing is no cause for a notice', () => {
    expect(createTrustStore(file).notice).toBeNull()
  })
})

describe('examples', () => {
  it('bring trusted code, which is not stored', async () => {
    const flow = { weir: 1, nodes: { s: { type: 'step', config: { value: 'record * 2' } } } }
    writeFileSync(join(folder, 'a.weir.json'), JSON.stringify(flow))
    writeFileSync(join(folder, 'broken.weir.json'), '{')
    writeFileSync(
      join(folder, 'other.json'),
      JSON.stringify({ ...flow, nodes: { s: { type: 'step', config: { value: 'other' } } } }),
    )
    const store = createTrustStore(file)
    await store.loadExamples(folder, registry)
    expect(store.isTrusted('record * 2')).toBe(true)
    expect(store.isTrusted('other')).toBe(false)
    await store.trust(['mine'])
    expect(stored()).toEqual([hash('mine')])
  })

  it('may be missing', async () => {
    await expect(createTrustStore(null).loadExamples(join(folder, 'none'), registry)).resolves.toBeUndefined()
  })
})
