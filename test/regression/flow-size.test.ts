/** A flow's size had three limits: what one place accepted, the next could not carry or open again. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Documents } from '../../electron/documents.ts'
import { MAX_FLOW_BYTES } from '../../engine/flow/model.ts'
import { parseFlow } from '../../engine/flow/parse.ts'
import { createFileAccess } from '../../engine/host/file-access.ts'
import { requests } from '../../engine/host/requests.ts'
import { MAX_PAYLOAD, webSocketPort } from '../../engine/host/web-socket-port.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'weir-size-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = '{"weir":1,"nodes":{}}'
const largest = start + ' '.repeat(MAX_FLOW_BYTES - start.length)

test('the largest flow is read, opened and saved by everything; one byte more by nothing', async () => {
  const path = join(folder, 'large.weir.json')
  const files = await createFileAccess(folder)
  const documents = new Documents()
  documents.grant(path, 'write')

  expect(parseFlow(largest).flow).not.toBeNull()
  expect(requests.parse.safeParse({ text: largest, baseDir: folder }).success).toBe(true)
  await files.writeDocument(path, largest)
  expect((await files.readDocument(path)).text).toHaveLength(MAX_FLOW_BYTES)
  await documents.save(path, largest)
  expect((await documents.open(path)).text).toHaveLength(MAX_FLOW_BYTES)

  const over = `${largest} `
  expect(parseFlow(over).problems).toMatchObject([{ code: 'too-large' }])
  await expect(files.writeDocument(path, over)).rejects.toMatchObject({ code: 'refused' })
  await expect(documents.save(path, over)).rejects.toMatchObject({ code: 'refused' })
  writeFileSync(path, '')
  truncateSync(path, MAX_FLOW_BYTES + 1)
  await expect(files.readDocument(path)).rejects.toMatchObject({ code: 'refused' })
  await expect(documents.open(path)).rejects.toMatchObject({ code: 'refused' })
})

test('the WebSocket carries a text of that size, even of the characters that JSON makes longest', async () => {
  const http = createServer()
  const server = new WebSocketServer({ server: http, maxPayload: MAX_PAYLOAD })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
  try {
    const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [
      [WebSocket],
      unknown,
    ]
    const arrived = new Promise((resolve) => webSocketPort(socket).onMessage(resolve))
    client.send(JSON.stringify({ text: '\u0001'.repeat(MAX_FLOW_BYTES) }))
    expect(((await arrived) as { text: string }).text).toHaveLength(MAX_FLOW_BYTES)
  } finally {
    client.terminate()
    server.close()
    http.close()
  }
})
