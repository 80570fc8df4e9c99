/** Transient state of the stage, not stored in the project. */
import { create } from 'zustand'

export type WorldTool = 'look' | 'measure' | 'landmarks' | 'boxes' | 'move' | 'turn'
export type Point = readonly [x: number, y: number, z: number]

/** A place clicked on one recording, in its own frame. */
export interface Landmark {
  readonly assetId: string
  readonly point: Point
}

/** Distances of a scan to the surface it was aligned with. */
export interface ShownDistances {
  readonly evidenceId: string
  readonly assetId: string
  /** In the recording's own frame, x y z x y z …, metres. */
  readonly positions: readonly number[]
  readonly distancesMetres: readonly number[]
}

/** A candidate pose of an ambiguous pair, shown on trial. */
export interface CandidatePreview {
  readonly evidenceId: string
  /** Index into the candidates of the pair. */
  readonly candidate: number
}

/** A box around a part of a scan. */
export interface ScanBox {
  readonly assetId: string
  /** In the recording's own frame, metres. */
  readonly min: Point
  readonly max: Point
}

interface StageState {
  /** Every camera at once, instead of one. */
  readonly allCameras: boolean
  readonly tool: WorldTool
  /** The pose stream whose camera shows the world; null for a free view. */
  readonly lookThroughStreamId: string | null
  /** Opacity of the picture over the world while looking through its camera, 0 to 1. */
  readonly pictureOpacity: number
  /** End points of the measurement, in the world, metres. */
  readonly measured: readonly Point[]
  /** Clicked alternately on the two recordings: every two are a pair. */
  readonly landmarks: readonly Landmark[]
  readonly distances: ShownDistances | null
  readonly preview: CandidatePreview | null
  /** Draws the depth that captures measured at the playhead. */
  readonly depthNow: boolean
  /** Draws hands, bodies and gaze at the playhead. */
  readonly bodiesNow: boolean
  /** Shows every recording in its own frame, as before alignment. */
  readonly asRecorded: boolean
  /** At most one per recording; the last is the active one. */
  readonly boxes: readonly ScanBox[]
  readonly boxMode: 'translate' | 'scale'
  /** Draws only what is inside the last box. */
  readonly clipsToBox: boolean
  /** Keys move the active box instead of the crosshair. */
  readonly keysOnBox: boolean
  /** Where keys or a click were last on the picture of the world: from -1 at its left and bottom to 1. */
  readonly crosshair: Crosshair
  /** How often a tool was taken by keys: each time the world asks for the focus. */
  readonly keysAsked: number
}

export interface Crosshair {
  readonly across: number
  readonly up: number
}

/** Tools that pick points on scans. */
const PICKING: ReadonlySet<WorldTool> = new Set<WorldTool>(['measure', 'landmarks', 'boxes'])

export function isPicking({ tool, keysOnBox }: Pick<StageState, 'tool' | 'keysOnBox'>): boolean {
  return PICKING.has(tool) && !(tool === 'boxes' && keysOnBox)
}

export const useStage = create<StageState>(() => ({
  allCameras: false,
  tool: 'look',
  lookThroughStreamId: null,
  pictureOpacity: 0.5,
  measured: [],
  landmarks: [],
  distances: null,
  preview: null,
  depthNow: true,
  bodiesNow: true,
  asRecorded: false,
  boxes: [],
  boxMode: 'translate',
  clipsToBox: false,
  keysOnBox: false,
  crosshair: { across: 0, up: 0 },
  keysAsked: 0,
}))

export function chooseTool(tool: WorldTool): void {
  useStage.setState({ tool, measured: [], landmarks: [], boxes: [], clipsToBox: false, keysOnBox: false })
}

/** Removes the last picked point; false if there is none. */
export function takeBack(): boolean {
  const { tool, measured, landmarks, boxes, clipsToBox } = useStage.getState()
  if (tool === 'measure' && measured.length > 0) useStage.setState({ measured: measured.slice(0, -1) })
  else if (tool === 'landmarks' && landmarks.length > 0) useStage.setState({ landmarks: landmarks.slice(0, -1) })
  else if (tool === 'boxes' && boxes.length > 0)
    useStage.setState({
      boxes: boxes.slice(0, -1),
      clipsToBox: clipsToBox && boxes.length > 1,
      keysOnBox: false,
    })
  else return false
  return true
}

/** No tool, nothing on trial. */
export function putDown(): void {
  if (useStage.getState().tool !== 'look') chooseTool('look')
  useStage.setState({ preview: null })
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

/** The first click chooses the target recording, the second the one to be placed; then they alternate. */
export function mayBeNext(landmarks: readonly Landmark[], assetId: string): boolean {
  const [target, source] = landmarks
  if (!target) return true
  if (landmarks.length % 2 === 0) return assetId === target.assetId
  return source ? assetId === source.assetId : assetId !== target.assetId
}

export function addLandmark(landmark: Landmark): void {
  useStage.setState(({ landmarks }) => ({ landmarks: [...landmarks, landmark] }))
}

/** Complete pairs, target first. */
export function landmarkPairs(
  landmarks: readonly Landmark[],
): readonly { readonly target: number[]; readonly source: number[] }[] {
  return Array.from({ length: landmarks.length >> 1 }, (_, i) => ({
    target: [...landmarks[i * 2]!.point],
    source: [...landmarks[i * 2 + 1]!.point],
  }))
}
