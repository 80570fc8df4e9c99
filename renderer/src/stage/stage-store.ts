/** How the stage is looked at and worked on: of the moment, not of the project. */
import { create } from 'zustand'

export type WorldTool = 'look' | 'measure' | 'move' | 'turn'
export type Point = readonly [x: number, y: number, z: number]

interface StageState {
  /** Every camera at once, instead of one. */
  readonly allCameras: boolean
  readonly tool: WorldTool
  /** The pose stream through whose camera the world is seen; null for a free view. */
  readonly lookThroughStreamId: string | null
  /** Of the picture that lies over the world while one looks through its camera, 0 to 1. */
  readonly pictureOpacity: number
  /** The ends of what is measured, in the world, metres. */
  readonly measured: readonly Point[]
}

export const useStage = create<StageState>(() => ({
  allCameras: false,
  tool: 'look',
  lookThroughStreamId: null,
  pictureOpacity: 0.5,
  measured: [],
}))

export function chooseTool(tool: WorldTool): void {
  useStage.setState({ tool, measured: [] })
}

/** A third point starts a new measurement. */
export function measurePoint(point: Point): void {
  useStage.setState(({ measured }) => ({ measured: measured.length === 1 ? [...measured, point] : [point] }))
}

/** Metres between both ends, or null while there is only one. */
export function measuredMetres(measured: readonly Point[]): number | null {
  const [a, b] = measured
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : null
}
