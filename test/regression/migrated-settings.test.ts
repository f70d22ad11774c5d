/** A flow with settings of an older node version was opened as it was, so its form showed none of them. */
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { Session } from '../../engine/host/session.ts'
import { createTrustStore } from '../../engine/host/trust.ts'
import { registry } from '../engine/flow/sample-types.ts'

const text = JSON.stringify({
  weir: 1,
  nodes: { count: { type: 'tally', config: { key: 'old', sums: [{ as: 'n' }] } } },
})

test('opening a flow brings the settings of its nodes to the present version', async () => {
  const session = new Session({
    workerUrl: new URL('file:///none'),
    registry,
    trust: createTrustStore(null),
    version: '0',
  })
  const { flow, problems } = await session.handlers.parse({ text, baseDir: tmpdir() })
  expect(flow?.nodes['count']).toMatchObject({ version: 3, config: { by: ['old'], sums: [{ as: 'n' }] } })
  expect(problems.filter(({ code }) => code === 'bad-config' || code === 'unknown-config-key')).toEqual([])
})
