/** The canvas: nodes, ports, wires, and the numbers on them. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

export interface Point {
  x: number
  y: number
}

/** Moves of a drag: more than one, so that the canvas sees it go. */
const STEPS = 8

export class CanvasPage {
  readonly #page: Page
  readonly area: Locator
  readonly nodes: Locator
  readonly edges: Locator

  constructor(page: Page) {
    this.#page = page
    this.area = page.getByRole('main', { name: 'Canvas' })
    this.nodes = page.locator('[data-node]')
    this.edges = page.locator('[data-edge]')
  }

  node(id: string): Locator {
    return this.#page.locator(`[data-node="${id}"]`)
  }
  /** `name` is "node.port". */
  port(name: string): Locator {
    return this.#page.locator(`[data-port="${name}"]`)
  }
  /** `id` is "from.port->to.port". */
  edge(id: string): Locator {
    return this.#page.locator(`[data-edge="${id}"]`)
  }
  /** The wire that follows the pointer. */
  get wireInHand(): Locator {
    return this.#page.locator('.react-flow__connection-path')
  }
  /** The count that stands on an edge. */
  count(edge: string): Locator {
    return this.edge(edge).getByTestId('edge-count')
  }

  async nodeIds(): Promise<string[]> {
    return this.nodes.evaluateAll((all) => all.map((node) => node.getAttribute('data-node') ?? ''))
  }

  /** The count on an edge as a number; NaN where there is none yet. */
  async countOn(edge: string): Promise<number> {
    const text = (await this.count(edge).textContent()) ?? ''
    return text === '' ? Number.NaN : Number(text.replaceAll(/\s/g, ''))
  }

  async hasCount(edge: string, count: number): Promise<void> {
    await expect.poll(() => this.countOn(edge), { message: `count on ${edge}` }).toBe(count)
  }

  /** Puts the keyboard here without changing the selection. */
  async focus(): Promise<void> {
    await this.area.getByRole('application', { name: /^Flow/ }).focus()
  }

  async select(id: string): Promise<void> {
    await this.node(id).click()
    await expect(this.node(id)).toBeVisible()
  }

  /** Waits until the camera stands: the same in two frames that follow each other. */
  async isStill(): Promise<void> {
    await this.area.locator('.react-flow__viewport').evaluate(
      (viewport) =>
        new Promise<void>((resolve) => {
          let before = ''
          const look = () => {
            const now = getComputedStyle(viewport).transform
            if (now === before) return resolve()
            before = now
            requestAnimationFrame(look)
          }
          requestAnimationFrame(() => requestAnimationFrame(look))
        }),
    )
  }

  /** Clicks where nothing lies, which selects nothing. */
  async deselect(): Promise<void> {
    const box = await boxOf(this.area)
    await this.#page.mouse.click(box.x + box.width / 2, box.y + box.height - 24)
  }

  /** Clicks an edge at its middle, where its curve is sure to be. */
  async clickEdge(id: string): Promise<void> {
    const { x, y } = await this.#middleOf(id)
    await this.#page.mouse.click(x, y)
  }

  /** Pulls a wire by mouse from port to port. */
  async wire(from: string, to: string): Promise<void> {
    await this.pull(from, centreOf(await boxOf(this.port(to))))
  }

  /** Pulls a wire from a port and lets it go over a node's body. */
  async wireToNode(from: string, node: string): Promise<void> {
    await this.pull(from, centreOf(await boxOf(this.node(node))))
  }

  /** Pulls a wire from a port to a place on the screen. */
  async pull(from: string, to: Point): Promise<void> {
    await this.takeWire(from, to)
    await this.#page.mouse.up()
  }

  /** Pulls a wire from a port to another one, and keeps it in hand. */
  async holdWire(from: string, over: string): Promise<void> {
    await this.takeWire(from, centreOf(await boxOf(this.port(over))))
    await expect(this.wireInHand).toBeAttached()
  }

  async takeWire(from: string, to: Point): Promise<void> {
    const start = centreOf(await boxOf(this.port(from)))
    await this.#page.mouse.move(start.x, start.y)
    await this.#page.mouse.down()
    await this.#page.mouse.move(to.x, to.y, { steps: STEPS })
  }

  async letGo(): Promise<void> {
    await this.#page.mouse.up()
  }

  /** True where the node lies wholly within the canvas. */
  async isInSight(id: string): Promise<boolean> {
    const [area, card] = await Promise.all([boxOf(this.area), boxOf(this.node(id))])
    const [right, bottom] = [area.x + area.width, area.y + area.height]
    return (
      card.x >= area.x && card.y >= area.y && card.x + card.width <= right && card.y + card.height <= bottom
    )
  }

  /** A place on the screen, counted from the canvas's top left corner. */
  async at({ x, y }: Point): Promise<Point> {
    const box = await boxOf(this.area)
    return { x: box.x + x, y: box.y + y }
  }

  /** Drags a node by so many px. */
  async move(id: string, by: Point): Promise<void> {
    const start = centreOf(await boxOf(this.node(id)))
    await this.#page.mouse.move(start.x, start.y)
    await this.#page.mouse.down()
    await this.#page.mouse.move(start.x + by.x, start.y + by.y, { steps: STEPS })
    await this.#page.mouse.up()
  }

  /** Where the node lies on the screen, in whole px. */
  async placeOf(id: string): Promise<Point> {
    const { x, y } = await boxOf(this.node(id))
    return { x: Math.round(x), y: Math.round(y) }
  }

  async #middleOf(id: string): Promise<Point> {
    return this.edge(id)
      .locator('path')
      .first()
      .evaluate((element) => {
        const path = element as SVGPathElement
        const { x, y } = path.getPointAtLength(path.getTotalLength() / 2)
        const matrix = path.getScreenCTM()
        if (!matrix) throw new Error('the edge is not drawn')
        return { x: matrix.a * x + matrix.e, y: matrix.d * y + matrix.f }
      })
  }
}

interface Box extends Point {
  width: number
  height: number
}

async function boxOf(element: Locator): Promise<Box> {
  await expect(element).toBeVisible()
  const box = await element.boundingBox()
  if (!box) throw new Error('the element is not on the screen')
  return box
}

function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 }
}
