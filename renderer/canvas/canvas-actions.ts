/** What the rest of the studio may ask of the canvas: camera, picture, layout. The mounted canvas registers itself here. */

export interface CanvasActions {
  /** Shows the whole flow. */
  fit(): void
  zoomIn(): void
  zoomOut(): void
  /** 100 %, around the middle of the view. */
  zoom100(): void
  fitSelection(): void
  /** Flow position for a new node in the middle of the view, on the grid. */
  centre(): [number, number]
  /** The middle of the canvas on the screen: where a popup without a pointer opens. */
  screenCentre(): { x: number; y: number }
  /** PNG of the whole flow, not only of what is visible, in the theme of the moment. */
  exportPng(): Promise<Uint8Array>
  /** Lays out the selected nodes (two or more) or all, in one undo step. */
  tidy(): void
  /** Puts the keyboard focus on the canvas. */
  focus(): void
}

const nowhere: CanvasActions = {
  fit() {},
  zoomIn() {},
  zoomOut() {},
  zoom100() {},
  fitSelection() {},
  centre: () => [0, 0],
  screenCentre: () => ({ x: innerWidth / 2, y: innerHeight / 2 }),
  exportPng: () => Promise.reject(new Error('There is no canvas to draw. Wait until the studio has opened.')),
  tidy() {},
  focus() {},
}

let current = nowhere

/** Calls go to the canvas that is mounted; without one they do nothing. */
export const canvasActions: CanvasActions = {
  fit: () => current.fit(),
  zoomIn: () => current.zoomIn(),
  zoomOut: () => current.zoomOut(),
  zoom100: () => current.zoom100(),
  fitSelection: () => current.fitSelection(),
  centre: () => current.centre(),
  screenCentre: () => current.screenCentre(),
  exportPng: () => current.exportPng(),
  tidy: () => current.tidy(),
  focus: () => current.focus(),
}

/** Called by the canvas when it mounts; returns what undoes it. */
export function registerCanvas(actions: CanvasActions): () => void {
  current = actions
  return () => {
    if (current === actions) current = nowhere
  }
}
