/** Finds settings that look like secrets, which do not belong in a file that people share. */

const SECRET_NAME =
  /(^|[a-z_-])(pass(word|wd|phrase)?|token|secret|api[_-]?key|private[_-]?key|credentials?)$/i
/** `scheme://user:password@host` */
const CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i

/** Dotted paths of texts named like a secret, or that are connection strings with a password. References are fine. */
export function secretPaths(config: unknown, path: readonly string[] = []): string[] {
  if (typeof config === 'string') {
    const named = SECRET_NAME.test(path.findLast((key) => !/^\d+$/.test(key)) ?? '') && config.trim() !== ''
    return named || CREDENTIALS.test(config) ? [path.join('.')] : []
  }
  if (typeof config !== 'object' || config === null || isReference(config)) return []
  return Object.entries(config).flatMap(([key, value]) => secretPaths(value, [...path, key]))
}

function isReference(value: object): boolean {
  return '$secret' in value || '$env' in value
}
