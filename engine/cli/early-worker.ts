/**
 * Starts the thread of `weir run` before anything else is loaded: it boots and reads its code while this thread reads
 * its own and the flow. Loaded first, for that effect.
 */
import { prepareRunWorker } from '../host/run-worker.ts'
import { places } from './places.ts'

const [command, ...rest] = process.argv.slice(2)
if (command === 'run' && !rest.some((word) => word === '--explain' || word === '--help' || word === '-h')) {
  prepareRunWorker(places().workerUrl)
}
