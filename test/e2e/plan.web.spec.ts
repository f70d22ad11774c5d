/** How a flow is run: the settings for it, and what the app says about the plan. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import type { Plan } from '../../engine/host/protocol.ts'
import { tierText } from '../../renderer/app/plan-words.ts'
import { chain, openFlow } from './web/flows.ts'
import { expect, test } from './web/fixtures.ts'

const WEIR =
  process.env['WEIR_PROGRAM'] ?? fileURLToPath(new URL('../../dist/engine/weir.js', import.meta.url))

const TOP = chain('Top', {
  numbers: { type: 'range', config: { from: 1, to: 3000 } },
  first: { type: 'take', config: { n: 2000 } },
  highest: { type: 'top', config: { by: '', n: 3 } },
  result: { type: 'table' },
})

/** Large enough that two workers share it. */
const SHARED = {
  ...chain('Shared', {
    numbers: { type: 'range', config: { from: 1, to: 3_000_000 } },
    highest: { type: 'top', config: { by: '', n: 3 } },
    result: { type: 'table' },
  }),
  run: { workers: 2 },
}

/** Has the engine say that the first stage was run by the kernel tier, whatever it was. */
async function sayKernel(page: Page, workers: number): Promise<void> {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    if (typeof value !== 'object' || value === null) return value
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]))
    if (!Array.isArray(copy['stages'])) return copy
    const [first, ...others] = copy['stages'] as Plan['stages']
    return {
      ...copy,
      stages: [{ ...first, tier: 'kernel', workers, why: 'only one field is read' }, ...others],
    }
  }
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) =>
      socket.send(typeof message === 'string' ? JSON.stringify(change(JSON.parse(message))) : message),
    )
  })
}

test('a card, its label, its meters and the status bar tell which tier ran it', async ({
  page,
  served,
  studio,
  files,
}) => {
  await sayKernel(page, 2)
  await page.reload()
  await studio.ready()
  await openFlow({ studio, files, served }, 'top', TOP)
  await expect(page.getByTestId('tier')).toHaveCount(0)
  await studio.runTo('done')
  const stage = page.getByTestId('tier')
  await expect(studio.canvas.node('numbers').getByTestId('tier')).toHaveText('kernel ×2')
  await expect(stage.first()).toHaveAttribute('title', 'Only one field is read.')
  // The table stands behind a queue, in a stage of records and one thread.
  await expect(studio.canvas.node('result').getByTestId('tier')).toHaveCount(0)
  await expect(
    page.getByRole('group', { name: /^Range numbers, done, .*kernel tier, 2 workers/ }),
  ).toBeVisible()
  await expect(page.getByRole('contentinfo')).toContainText('kernel ×2')

  await studio.canvas.select('numbers')
  await studio.inspector.area.getByRole('tab', { name: 'Meters' }).click()
  await expect(studio.inspector.area).toContainText('kernel tier, 2 workers')
  await expect(studio.inspector.area.getByTestId('stage-why')).toHaveText('Only one field is read.')
})

test('the app says of each node what weir run --explain says of its stage', async ({
  page,
  served,
  studio,
  files,
}) => {
  await openFlow({ studio, files, served }, 'shared', SHARED)
  await studio.runTo('done')
  const file = join(served.root, 'shared.weir.json')
  const { stages } = JSON.parse(
    execFileSync(process.execPath, [WEIR, 'run', file, '--explain', '--json'], { encoding: 'utf8' }),
  ) as Plan
  expect(stages.flatMap(({ nodes }) => nodes).toSorted()).toEqual(['highest', 'numbers', 'result'])
  expect(stages.map(({ workers }) => workers)).toContain(2)
  for (const stage of stages) {
    const shown = stage.tier === 'row' && stage.workers === 1 ? [] : [tierText(stage)]
    for (const node of stage.nodes) {
      await expect(studio.canvas.node(node).getByTestId('tier')).toHaveText(shown)
    }
  }
  await expect(page.getByRole('contentinfo')).toContainText(`${stages.length} stage`)
})

test('workers and memory are set where nothing is selected, undone, and saved', async ({
  page,
  served,
  studio,
  files,
}) => {
  await openFlow({ studio, files, served }, 'top', TOP)
  const settings = studio.inspector.area.getByRole('region', { name: 'Run' })
  const workers = settings.getByLabel('Workers')
  const memory = settings.getByLabel('Memory')
  await expect(workers).toHaveAttribute('placeholder', /^[1-9]\d*$/)
  await expect(memory).toHaveAttribute('placeholder', '256')

  await workers.fill('1000')
  await expect(settings).toContainText('A whole number from 1 to 64.')
  await workers.fill('2')
  await expect(settings).not.toContainText('A whole number')
  await memory.fill('512')
  await memory.blur()
  await page.keyboard.press('ControlOrMeta+s')
  await expect(studio.documentState).toContainText('saved')
  const saved = async () =>
    JSON.parse(await readFile(join(served.root, 'top.weir.json'), 'utf8')) as { run?: unknown }
  await expect.poll(saved).toMatchObject({ run: { workers: 2, memoryMb: 512 } })

  await studio.undo()
  await expect(memory).toHaveValue('')
  await expect(workers).toHaveValue('2')
  await studio.redo()
  await expect(memory).toHaveValue('512')
  await workers.fill('')
  await memory.fill('')
  await memory.blur()
  await page.keyboard.press('ControlOrMeta+s')
  await expect.poll(saved).not.toHaveProperty('run')
})
