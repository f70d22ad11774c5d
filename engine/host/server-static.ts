/** The built studio as files over HTTP. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { AccessError } from './access-error.ts'

/** Serves the folder's files by exact name (those present now; nothing outside can be named). */
export function studioFiles(
  folder: string,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new AccessError(
      'failed',
      `The studio is not built: ${folder} has no index.html.`,
      'Run: npm run build',
    )
  }
  return sirv(folder, {
    etag: true,
    setHeaders(response, path) {
      // Names under assets/ hold a hash of the content; the rest is asked for anew.
      response.setHeader(
        'Cache-Control',
        path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
}
