/** The built studio as files over HTTP. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { AccessError } from './access-error.ts'

/** Serves what is in the folder at the time of each request, so that a new build shows at the next reload. */
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
    // Looks at the disk each time. A list made at the start would promise files that a new build has removed, and
    // reading one of those ends the process.
    dev: true,
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
