/** Events of an API, one record a line: as NDJSON and as CSV with the same values. */
import { seededRandom } from './random.ts'
import { zipfSampler } from './zipf.ts'

export type EventFormat = 'ndjson' | 'csv'

export interface EventsSize {
  records: number
  users: number
  seed: number
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE']
const STATUSES = [200, 200, 200, 200, 200, 200, 304, 404, 500, 200]
const ROUTES = ['orders', 'users', 'carts', 'invoices', 'sessions', 'reports', 'files']
/** 1 May 2026, midnight, in milliseconds. */
const START = 1_777_593_600_000

/** Calls `write` with each line, its line feed included; the header of CSV is the first. */
export function eventLines(
  { records, users, seed }: EventsSize,
  format: EventFormat,
  write: (line: string) => void,
): void {
  const random = seededRandom(seed)
  const user = zipfSampler(users, random)
  if (format === 'csv') write('id,time,user,status,method,path,bytes,ms\n')
  let second = ''
  for (let id = 1; id <= records; id++) {
    if (id === 1 || id % 100 === 0) second = new Date(START + id * 10).toISOString().slice(0, 20)
    const chance = random()
    const mixed = Math.floor(chance * 1_000_000)
    const time = `${second}${String((id % 100) * 10).padStart(3, '0')}Z`
    const status = STATUSES[mixed % STATUSES.length]!
    const method = METHODS[mixed % METHODS.length]!
    const path = `/api/${ROUTES[mixed % ROUTES.length]!}/${mixed % 5000}`
    const bytes = 100 + Math.floor(chance * 100_000)
    const ms = 1 + (mixed % 900)
    const name = `u${user()}`
    write(
      format === 'csv'
        ? `${id},${time},${name},${status},${method},${path},${bytes},${ms}\n`
        : `{"id":${id},"time":"${time}","user":"${name}","status":${status},"method":"${method}","path":"${path}","bytes":${bytes},"ms":${ms}}\n`,
    )
  }
}
