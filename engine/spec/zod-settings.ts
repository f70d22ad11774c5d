/**
 * Has zod check values without compiling a parser for each schema first: settings and flows are checked once or twice in
 * a run, and compiling takes longer than that saves. Loaded for that effect by what starts anew for each run.
 */
import { config } from 'zod'

config({ jitless: true })
