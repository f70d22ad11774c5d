/** The limits of a run, as the command line gives them. */
import { InvalidArgumentError } from 'commander'
import { runSettingsSchema } from '../flow/model.ts'
import { TIERS } from '../host/protocol.ts'
import type { Tier } from '../host/protocol.ts'

const UNITS: Record<string, number> = { '': 1, MB: 1, M: 1, GB: 1024, G: 1024 }

/** "256MB", "1.5GB", "512" as MB. */
export function memoryOf(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([MG]B?)?$/i.exec(text.trim()) ?? []
  const mb = Math.round(Number(number) * UNITS[unit.toUpperCase()]!)
  return checked(runSettingsSchema().shape.memoryMb, mb, 'Give it in MB or GB, at least 16MB: 256MB, 2GB.')
}

/** "2" as a number of threads. */
export function workersOf(text: string): number {
  return checked(runSettingsSchema().shape.workers, Number(text), 'Give a number from 1 to 64.')
}

/** The one tier that is allowed beside row, which can do everything. */
export function tierOf(text: string): Tier {
  const tier = TIERS.find((name) => name === text)
  if (tier) return tier
  throw new InvalidArgumentError(`It is one of ${TIERS.join(', ')}.`)
}

function checked(
  schema: { safeParse(value: unknown): { success: boolean } },
  value: number,
  remedy: string,
): number {
  if (!schema.safeParse(value).success) throw new InvalidArgumentError(remedy)
  return value
}
