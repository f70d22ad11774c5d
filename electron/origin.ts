/** Which addresses are the app's own. Compares parsed parts; a prefix or substring would let look-alikes in. */

/** The scheme that serves the studio on the desktop. */
export const APP_SCHEME = 'app'
export const APP_HOST = 'weir'
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`

/** True where `url` has the scheme, host and port of `home`, and no name or password in it. */
export function hasOrigin(url: string | undefined, home: string): boolean {
  const [mine, theirs] = [parse(home), parse(url)]
  if (!mine || !theirs) return false
  return (
    theirs.protocol === mine.protocol &&
    theirs.host === mine.host &&
    theirs.username === '' &&
    theirs.password === ''
  )
}

/** True where `url` is the studio's one page. */
export function isHomePage(url: string, home: string): boolean {
  const path = parse(url)?.pathname
  return hasOrigin(url, home) && (path === '/' || path === '' || path === '/index.html')
}

/** True for links that may open in the person's browser. */
export function isWebLink(url: string): boolean {
  return parse(url)?.protocol === 'https:'
}

function parse(url: string | undefined): URL | null {
  return url !== undefined && URL.canParse(url) ? new URL(url) : null
}
