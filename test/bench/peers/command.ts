/** What a contender runs, as data: the peer and what it is told. */

export type Command =
  /** `weir run` on the case's flow, with further words. */
  | { peer: 'weir'; args?: string[] }
  /** A line for `sh`, in the C locale. */
  | { peer: 'shell'; script: string; needs?: string[] }
  /** Statements; the rows of the last one are printed. */
  | { peer: 'duckdb'; sql: string }
  /** A script in `polars/`. */
  | { peer: 'polars'; script: string; args: string[] }
  /** A program of `go/`, by its name. */
  | { peer: 'go'; args: string[] }
  /** A script in `node-streams/`. */
  | { peer: 'node'; script: string; args: string[] }
  /** A flow in `node-red/`; `env` is what it reads. */
  | { peer: 'node-red'; flow: string; env: Record<string, string> }
  /** A config in `benthos/`; `env` is what it reads. */
  | { peer: 'benthos'; config: string; env: Record<string, string> }

export type PeerId = Command['peer']

export const PEERS: readonly PeerId[] = [
  'weir',
  'shell',
  'duckdb',
  'polars',
  'go',
  'benthos',
  'node-red',
  'node',
]
