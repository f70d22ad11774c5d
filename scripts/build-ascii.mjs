/**
 * Writes the built code in ASCII, other characters as escapes: Node reads such a file as it is, where it would decode
 * UTF-8 first, and V8 keeps a character in one byte, where one dash makes all of a file take two (engine/start/load.ts).
 */

/** For the engine's build. */
export function asciiPlugin() {
  return {
    name: 'weir:ascii',
    // Lines stay where they are, so the source maps hold but for columns behind an escape.
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = inAscii(chunk.code)
    },
  }
}

/** @throws Error where a character cannot be written as an escape: behind a backslash it would no longer be one */
export function inAscii(code) {
  const escaped = /\\[^\0-\x7f]/.exec(code)
  if (escaped)
    throw new Error(
      `the built code has a backslash before ${JSON.stringify(escaped[0].slice(1))}: write it without`,
    )
  return code.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
