/** From a command, which is data, to the words and the environment that start it. */
import { join } from 'node:path'
import { BENCH } from '../folders.ts'
import type { Command } from './command.ts'
import { onPath } from './find-peers.ts'
import type { Peers } from './find-peers.ts'

export interface Start {
  argv: string[]
  env: Record<string, string>
}

/** How to start the command, or why this machine cannot. */
export function startOf(command: Command, flow: string, peers: Peers): Start | { missing: string } {
  const peer = peers[command.peer]
  if ('missing' in peer) return peer
  const { start } = peer
  switch (command.peer) {
    case 'weir':
      return plain([...start, '--quiet', ...(command.args ?? []), flow])
    case 'shell': {
      const lacking = (command.needs ?? []).filter((program) => !onPath(program))
      if (lacking.length > 0) return { missing: `no ${lacking.join(', ')} on the PATH` }
      // Bytes are compared as bytes: the fastest that the shell can do.
      return { argv: [...start, command.script], env: { LC_ALL: 'C' } }
    }
    case 'duckdb':
      return plain([...start, command.sql])
    case 'polars':
      return plain([...start, join(BENCH, 'polars', command.script), ...command.args])
    case 'go':
      return plain([...start, ...command.args])
    case 'node':
      return plain([...start, join(BENCH, 'node-streams', command.script), ...command.args])
    case 'node-red':
      return { argv: [...start, join(BENCH, 'node-red', command.flow)], env: command.env }
    case 'benthos':
      return { argv: [...start, join(BENCH, 'benthos', command.config)], env: command.env }
  }
}

function plain(argv: string[]): Start {
  return { argv, env: {} }
}
