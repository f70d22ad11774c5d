/** The engine client of this moment: one holder that the app fills after connecting and everything else reads. */
import { useSyncExternalStore } from 'react'
import type { EngineClient } from './client.ts'

let current: EngineClient | null = null
const listeners = new Set<() => void>()

/** Called with the client after its hello, and with null when the connection is gone. */
export function setClient(client: EngineClient | null): void {
  if (client === current) return
  current = client
  for (const listener of listeners) listener()
}

/** Null while the engine is not connected. */
export function getClient(): EngineClient | null {
  return current
}

/** Tells of every change of the client; returns the way to stop listening. */
export function subscribeClient(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The client as React state: it changes when the engine was restarted. */
export function useClient(): EngineClient | null {
  return useSyncExternalStore(subscribeClient, getClient)
}
