/** Answers requests for the built studio: which file an address names, and the response that carries it. */
import { readFile, realpath } from 'node:fs/promises'
import { extname, isAbsolute, relative, resolve, sep } from 'node:path'
import { SECURITY_HEADERS } from '../engine/host/server-headers.ts'
import { APP_HOST, APP_SCHEME } from './origin.ts'

/** Everything a build contains; a kind of file that is missing here is not served. */
const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

export function mimeOf(path: string): string | undefined {
  return MIME[extname(path).toLowerCase()]
}

/** The file in `root` that a URL path names, or null where it names nothing inside it. */
export function fileOf(root: string, urlPath: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  // A backslash is a separator on Windows, a colon opens a drive or a stream there; no built file has either.
  if (/[\0\\:]/.test(path)) return null
  const file = resolve(root, `.${path.startsWith('/') ? path : `/${path}`}`)
  if (!isInside(root, file)) return null
  return path === '/' || path === '' ? resolve(root, 'index.html') : file
}

/** Answers one request to `app://weir/`. */
export async function respond(root: string, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  if (request.method !== 'GET') return refuse(405, 'Only GET is answered here.')
  const url = new URL(request.url)
  if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return refuse(403, 'No such host.')
  const file = fileOf(root, url.pathname)
  if (file === null) return refuse(403, 'No such path.')
  const type = mimeOf(file)
  if (type === undefined) return refuse(404, 'No such file.')
  try {
    // A link inside the build could still lead out of it.
    if (!isInside(await realpath(root), await realpath(file))) return refuse(403, 'No such path.')
    return new Response(await readFile(file), { headers: { ...SECURITY_HEADERS, 'Content-Type': type } })
  } catch {
    return refuse(404, 'No such file.')
  }
}

function isInside(root: string, file: string): boolean {
  const path = relative(root, file)
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

function refuse(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
  })
}
