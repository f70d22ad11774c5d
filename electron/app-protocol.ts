/** The `app://weir/` scheme: an ordinary secure origin for the built studio, instead of file://. */
import { protocol } from 'electron'
import { APP_SCHEME } from './origin.ts'
import { respond } from './static-files.ts'

/** Once, before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

/** Serves a folder; once, when the app is ready. */
export function serveAppScheme(folder: string): void {
  protocol.handle(APP_SCHEME, (request) => respond(folder, request))
}
