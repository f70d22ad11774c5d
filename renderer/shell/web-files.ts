/**
 * Documents, folders and uploads of `weir serve`, over a connection of the shell's own: they must work while
 * the studio's connection to the engine is busy, or not made yet.
 */
import { PROTOCOL_VERSION } from '../../engine/host/protocol.ts'
import type { Replies, WirePort } from '../../engine/host/protocol.ts'
import { connectClient, RequestError } from '../transport/client.ts'
import type { EngineClient } from '../transport/client.ts'

export type Folder = Replies['listFolder']

export interface WebFiles {
  hello(): Promise<Replies['hello']>
  list(path: string): Promise<Folder>
  read(path: string): Promise<Replies['readDocument']>
  write(path: string, text: string, expectedMtimeMs?: number): Promise<Replies['writeDocument']>
  /** Sends a file of this browser's machine to the server; where it lies there. */
  upload(file: File): Promise<string>
  examples(): Promise<{ name: string; path: string; summary: string }[]>
}

export function createWebFiles(open: () => Promise<WirePort>): WebFiles {
  let connection: Promise<{ client: EngineClient; hello: Replies['hello'] }> | undefined

  async function connect() {
    const port = await open().catch(() => {
      throw new RequestError(
        'disconnected',
        'The server does not answer.',
        'Look whether weir serve is still running.',
      )
    })
    const client = connectClient(port)
    client.onClose(() => (connection = undefined))
    const clientId = `files-${crypto.randomUUID()}`
    return { client, hello: await client.request('hello', { protocol: PROTOCOL_VERSION, clientId }) }
  }

  /** Made at the first need, and again after it was lost. */
  function connected() {
    connection ??= connect().catch((error: unknown) => {
      connection = undefined
      throw error
    })
    return connection
  }

  return {
    hello: async () => (await connected()).hello,
    list: async (path) => (await connected()).client.request('listFolder', { path }),
    read: async (path) => (await connected()).client.request('readDocument', { path }),
    write: async (path, text, expectedMtimeMs) =>
      (await connected()).client.request('writeDocument', { path, text, expectedMtimeMs }),
    async upload(file) {
      const answer = await ask(`/upload?name=${encodeURIComponent(file.name)}`, {
        method: 'POST',
        body: file,
      })
      return ((await answer.json()) as { path: string }).path
    },
    examples: async () =>
      (await (await ask('/examples')).json()) as { name: string; path: string; summary: string }[],
  }
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(path, init).catch(() => {
    throw new RequestError(
      'disconnected',
      'The server does not answer.',
      'Look whether weir serve is still running.',
    )
  })
  if (!answer.ok) throw new RequestError('failed', (await answer.text()).trim())
  return answer
}
