/** Where things are: the app's own files (beside this bundle) and the person's (in userData). */
import { join, resolve } from 'node:path'

const here = import.meta.dirname

/** Files of the app. While developing, tests may bring a page of their own. */
export const appPaths = {
  preload: join(here, 'preload.cjs'),
  engineProcess: join(here, 'engine-process.js'),
  examples: resolve(here, '../../examples'),
  renderer: (packaged: boolean) =>
    (!packaged && process.env.WEIR_RENDERER_DIR) || resolve(here, '../renderer'),
}

/** Files of one person. */
export function userPaths(userData: string) {
  return {
    recent: join(userData, 'recent.json'),
    window: join(userData, 'window.json'),
    folders: join(userData, 'folders.json'),
    trust: join(userData, 'trusted-code.json'),
    backups: join(userData, 'backups'),
  }
}
