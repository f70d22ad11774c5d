/** What code of a flow has written to its console leaves a thread in pieces, each when the host has taken the one before. */

/** Settles when all of it is with the host: a thread that is ended earlier takes the rest with it. */
export async function flushConsole(): Promise<void> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
}

function flushed(stream: NodeJS.WriteStream): Promise<void> | undefined {
  if (stream.writableLength === 0) return undefined
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}
