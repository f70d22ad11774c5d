/** The key of `weir serve`: 128 random bits that travel once in the printed address and then in a cookie. */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto'

/** A new key, as 32 hex digits. */
export function newToken(): string {
  return randomBytes(16).toString('hex')
}

/** Compares without telling by its duration how much was right; hashing makes both sides equally long. */
export function sameToken(given: string | null | undefined, token: string): boolean {
  if (!given) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** Cookies are shared by all ports of a host, so each server names its own. */
export function cookieName(port: number): string {
  return `weir-${port}`
}

/** The value of `Set-Cookie`: out of reach for scripts and for requests that other sites cause. */
export function tokenCookie(port: number, token: string): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`
}

/** True where the request's cookies hold the key. Several of one name may arrive; any right one counts. */
export function hasTokenCookie(header: string | undefined, port: number, token: string): boolean {
  const prefix = `${cookieName(port)}=`
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .some((part) => part.startsWith(prefix) && sameToken(part.slice(prefix.length), token))
}
