/** Selection in the records grid. */
import { describe, expect, test } from 'vitest'
import { rangeOf, selectionAfterClick, selectionAfterKey } from '../../../renderer/dock/grid-selection.ts'
import type { Selection } from '../../../renderer/dock/grid-selection.ts'

const EXTENT = { first: 100, rows: 50, columns: 4, page: 11 }
const at = (focus: number, anchor = focus, column = 0): Selection => ({ anchor, focus, column })

function press(key: string, from: Selection | null, { shift = false, command = false } = {}) {
  return selectionAfterKey({ key, shift, command }, from, EXTENT)
}

describe('keys in the grid', () => {
  test('move by a row, a page and to the ends, and stay inside', () => {
    expect(press('ArrowDown', at(110))).toEqual(at(111))
    expect(press('ArrowUp', at(100))).toEqual(at(100))
    expect(press('PageDown', at(110))).toEqual(at(120))
    expect(press('PageDown', at(145))).toEqual(at(149))
    expect(press('PageUp', at(110))).toEqual(at(100))
    expect(press('Home', at(130))).toEqual(at(100))
    expect(press('End', at(130))).toEqual(at(149))
    expect(press('ArrowDown', at(110), { command: true })).toEqual(at(149))
  })

  test('start at the top or the bottom where nothing is selected', () => {
    expect(press('ArrowDown', null)).toEqual(at(100))
    expect(press('ArrowUp', null)).toEqual(at(149))
  })

  test('with Shift extend the range from its anchor', () => {
    expect(press('ArrowDown', at(110), { shift: true })).toEqual(at(111, 110))
    expect(press('End', at(111, 110), { shift: true })).toEqual(at(149, 110))
  })

  test('move between columns without changing the rows', () => {
    expect(press('ArrowRight', at(110, 105, 3))).toEqual(at(110, 105, 3))
    expect(press('ArrowLeft', at(110, 105, 3))).toEqual(at(110, 105, 2))
  })

  test('select all, and leave other keys alone', () => {
    expect(press('a', null, { command: true })).toEqual(at(149, 100))
    expect(press('a', at(110))).toBeUndefined()
    expect(press('Delete', at(110))).toBeUndefined()
    expect(
      selectionAfterKey({ key: 'End', shift: false, command: false }, null, { ...EXTENT, rows: 0 }),
    ).toBeUndefined()
  })
})

describe('the range', () => {
  test('runs from a click to a click with Shift, either way round', () => {
    const first = selectionAfterClick(120, 1, false, null)
    expect(rangeOf(selectionAfterClick(110, 2, true, first), EXTENT)).toEqual([110, 120])
  })

  test('is cut to what the grid still holds, and gone when nothing is left', () => {
    expect(rangeOf(at(90, 105), EXTENT)).toEqual([100, 105])
    expect(rangeOf(at(99, 90), EXTENT)).toBeUndefined()
    expect(rangeOf(null, EXTENT)).toBeUndefined()
  })
})
