/** Where a remembered window opens on the displays of today. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_SIZE, fitBounds, MINIMUM_SIZE } from '../../electron/window-bounds.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const screen = { x: 1440, y: 0, width: 2560, height: 1440 }

test('the first start is centred in the main display', () => {
  expect(fitBounds(null, [laptop, screen])).toEqual({ x: 80, y: 63, ...DEFAULT_SIZE })
})

test('bounds that fit are kept', () => {
  const bounds = { x: 1500, y: 100, width: 1200, height: 900 }
  expect(fitBounds(bounds, [laptop, screen])).toEqual(bounds)
})

test('a window on a display that is gone keeps its size and comes to the main one', () => {
  const bounds = { x: 4000, y: 100, width: 1000, height: 700 }
  expect(fitBounds(bounds, [laptop])).toEqual({ x: 220, y: 113, width: 1000, height: 700 })
})

test('a window that sticks out is moved in, and shrunk where it is too large', () => {
  expect(fitBounds({ x: 700, y: -100, width: 2000, height: 1000 }, [laptop])).toEqual(laptop)
})

test('whatever is remembered, the window lies within a display, unless the display is smaller than it may be', () => {
  const number = fc.integer({ min: -5000, max: 9000 })
  const size = fc.integer({ min: 1, max: 6000 })
  const bounds = fc.record({ x: number, y: number, width: size, height: size })
  fc.assert(
    fc.property(fc.option(bounds), (remembered) => {
      const { x, y, width, height } = fitBounds(remembered, [laptop, screen])
      const inside = [laptop, screen].some(
        (area) =>
          x >= area.x &&
          y >= area.y &&
          x + width <= area.x + area.width &&
          y + height <= area.y + area.height,
      )
      expect(inside).toBe(true)
      expect(width).toBeGreaterThanOrEqual(MINIMUM_SIZE.width)
      expect(height).toBeGreaterThanOrEqual(MINIMUM_SIZE.height)
    }),
  )
})

test('a display smaller than the smallest window is filled', () => {
  const tiny = { x: 0, y: 0, width: 800, height: 500 }
  expect(fitBounds(null, [tiny])).toEqual(tiny)
})
