/** One app per person: a second start hands its flow to the first and ends. */
import { app } from 'electron'
import { z } from 'zod'

/** Sent by our own parsing: Electron's copy of the command line has switches added and no fixed order. */
const handedOver = z.object({ document: z.string().max(4096).nullable() })

/** False in a second start. `opened` is called in the first, with the flow that the second was given. */
export function isFirstInstance(document: string | null, opened: (document: string | null) => void): boolean {
  app.on('second-instance', (_event, _argv, _folder, data) => {
    opened(handedOver.safeParse(data).data?.document ?? null)
  })
  return app.requestSingleInstanceLock({ document })
}
