/**
 * Counts how often React renders an edge. React tells a developer tool of each commit, in production builds too; this
 * is such a tool, put into the page before the studio's own code. It walks what the commit touched, as the tools do.
 */
import type { Page } from '@playwright/test'

interface Fiber {
  child: Fiber | null
  sibling: Fiber | null
  alternate: Fiber | null
  flags: number
  tag: number
  type: unknown
  memoizedProps: Record<string, unknown> | null
}

/** Must be called before the page is opened. */
export async function watchEdgeRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const PERFORMED_WORK = 1
    const counts = { commits: 0, edges: 0 }

    /** An edge component is known by what it renders: a group with its id. */
    const isEdge = (fiber: Fiber) =>
      fiber.child?.type === 'g' && 'data-edge' in (fiber.child.memoizedProps ?? {})
    const walk = (fiber: Fiber) => {
      if (isEdge(fiber) && (fiber.flags & PERFORMED_WORK) !== 0) counts.edges++
      // A child that is still the same object was not visited by this commit, nor was anything below it.
      if (fiber.alternate && fiber.alternate.child === fiber.child) return
      for (let child = fiber.child; child; child = child.sibling) walk(child)
    }
    Object.assign(window, {
      edgeRenders: counts,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        renderers: new Map(),
        inject: () => 1,
        checkDCE() {},
        onCommitFiberRoot(_: number, root: { current: Fiber }) {
          counts.commits++
          walk(root.current)
        },
        onCommitFiberUnmount() {},
        onPostCommitFiberRoot() {},
      },
    })
  })
}

/** Commits of the whole window, and renders of edges, since the page was opened. */
export function edgeRenders(page: Page): Promise<{ commits: number; edges: number }> {
  return page.evaluate(() => ({
    ...(window as unknown as { edgeRenders: { commits: number; edges: number } }).edgeRenders,
  }))
}
