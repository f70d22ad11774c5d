/** What people are told when a thread of a run died. */
import type { RunError } from './protocol.ts'

/** @param nodes what the thread worked on, where it did a share of a stage only */
export function crashError(error: Error, heapLimitMb: number, nodes: readonly string[] = []): RunError {
  const names = nodes.map((id) => `“${id}”`).join(', ')
  const at = nodes.length > 0 ? { node: nodes[0] } : {}
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      code: 'memory',
      message: `${names === '' ? 'The run' : `A worker of ${names}`} needed more than ${heapLimitMb} MB and was ended.`,
      remedy:
        names === ''
          ? 'Group, take or filter earlier, so that less is held at once.'
          : 'Group, take or filter earlier, or run the flow with fewer workers, of which each may then hold more.',
      at,
    }
  }
  return {
    code: 'crashed',
    message: `${names === '' ? 'The run' : `A worker of ${names}`} died: ${error.message}.`,
    remedy: 'Run it again; if it happens again, please report it with the flow that shows it.',
    at,
  }
}
