/** What main and the engine process tell each other, beside the ports that main hands over. */

/** How the engine process is set up; its one argument, as JSON. */
export interface EngineProcessOptions {
  trustFile: string
  examplesDir: string
  version: string
}

/** Main → engine process. `client` carries a port. */
export type ToEngineProcess = { type: 'client' } | { type: 'stop' }

/** Engine process → main. */
export type FromEngineProcess =
  | { type: 'ready' }
  /** Clients that are connected now. */
  | { type: 'clients'; count: number }
  /** The last words before an exit. */
  | { type: 'fatal'; reason: string }
