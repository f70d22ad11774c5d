/** Live counts as text: a table with a bar for a terminal, one line for a log. */
import { createColors } from 'picocolors'
import type { NodeState } from '../host/protocol.ts'
import { countText, durationText, shortText } from './number-text.ts'
import type { NodeProgress, RunProgress } from './progress-model.ts'

type Colors = ReturnType<typeof createColors>

export interface TableSize {
  columns: number
  rows: number
}

const HEADINGS = ['node', 'state', 'in', 'out', 'rate', 'errors']
const GAP = '  '
/** Lines of the table that are no nodes: headings, "and more", bar, and one to spare for the cursor. */
const OTHER_LINES = 4
const MIN_NODE_ROWS = 3
const BAR_WIDTH = 30

/** The table fits the terminal: nodes beyond its height are counted, lines beyond its width cut. */
export function progressTable(progress: RunProgress, size: TableSize, color: boolean): string {
  const colors = createColors(color)
  const room = Math.max(MIN_NODE_ROWS, size.rows - OTHER_LINES)
  const shown = progress.nodes.slice(0, room)
  const cells = [HEADINGS, ...shown.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row, index) => {
    const line = row.map((cell, column) => align(cell, widths[column]!, column)).join(GAP)
    const cut = line.slice(0, Math.max(1, size.columns - 1)).trimEnd()
    return index === 0 ? colors.dim(cut) : paint(cut, shown[index - 1]!, colors)
  })
  const more = progress.nodes.length - shown.length
  if (more > 0) lines.push(colors.dim(`and ${more} more node${more === 1 ? '' : 's'}`))
  lines.push(progressBar(progress).slice(0, Math.max(1, size.columns - 1)))
  return lines.join('\n')
}

/** For a log: `12 s · 43% · 16 s left · log 1,204,113 out · top 5 in, 3 errors`. Sources and consumers only. */
export function progressLine(progress: RunProgress): string {
  const ends = progress.nodes.filter((node) => node.in === 0 || node.out === 0)
  return [
    ...barParts(progress),
    ...ends.map((node) => {
      const count =
        node.out > 0 || node.in === 0 ? `${records(node, 'out')} out` : `${records(node, 'in')} in`
      return `${node.id} ${count}${node.errors > 0 ? `, ${countText(node.errors)} errors` : ''}`
    }),
  ].join(' · ')
}

function progressBar(progress: RunProgress): string {
  const parts = barParts(progress)
  if (progress.fraction === undefined) return parts.join(' · ')
  const full = Math.floor(progress.fraction * BAR_WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${parts.join(' · ')}`
}

function barParts({ elapsedMs, fraction, leftMs }: RunProgress): string[] {
  const parts = [durationText(elapsedMs)]
  if (fraction !== undefined) parts.push(`${Math.floor(fraction * 100)}%`)
  if (leftMs !== undefined && leftMs >= 500) parts.push(`${durationText(leftMs)} left`)
  return parts
}

function cellsOf(node: NodeProgress): string[] {
  return [
    node.id,
    node.state,
    records(node, 'in'),
    records(node, 'out'),
    `${shortText(node.rate)}/s`,
    countText(node.errors),
  ]
}

/** An estimate says that it is one. */
function records(node: NodeProgress, which: 'in' | 'out'): string {
  const count = node[which]
  return node.about && count > 0 ? `≈${countText(count)}` : countText(count)
}

/** Names to the left, numbers to the right. */
function align(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width)
}

/** A colour only repeats what the state's word says. */
const STATE_COLORS: Record<NodeState, 'dim' | 'cyan' | 'yellow' | 'green' | 'red' | undefined> = {
  idle: 'dim',
  running: 'cyan',
  waiting: undefined,
  blocked: 'yellow',
  done: 'green',
  stopped: 'dim',
  failed: 'red',
}

function paint(line: string, node: NodeProgress, colors: Colors): string {
  const color = STATE_COLORS[node.state]
  const at = line.indexOf(node.state, node.id.length)
  if (color === undefined || at < 0) return line
  return line.slice(0, at) + colors[color](node.state) + line.slice(at + node.state.length)
}
