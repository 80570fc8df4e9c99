/**
 * How many points are drawn. All clouds share one budget; while the view moves it is as large as the device keeps up
 * with, once it stands still it is larger. Only counts change from frame to frame: nothing is uploaded twice.
 */
import { useEffect, useRef } from 'react'
import { useFrame, useThree } from '@react-three/fiber'
import { Frustum, Matrix4, Sphere, Vector3, type Camera, type EventDispatcher, type Points } from 'three'
import { pointsToDraw, type PointChunk, type SeenChunk } from '../../../shared/geometry/point-chunks.ts'
import { useTransport } from '../state/transport.ts'

const MOST_POINTS = 2_000_000
const LEAST_POINTS = 20_000
const FIRST_POINTS = 300_000
/** A frame that stands still may take this many times as long as one in motion. */
const STILL_FACTOR = 6
/** How long after the view came to rest the larger budget is drawn. */
const SETTLE_MILLISECONDS = 180
const SLOW_MILLISECONDS = 45
const QUICK_MILLISECONDS = 20

export interface DrawnChunk {
  readonly object: Points
  readonly chunk: PointChunk
}

const clouds = new Set<readonly DrawnChunk[]>()

/** @returns takes the cloud out again */
export function drawWithinBudget(cloud: readonly DrawnChunk[]): () => void {
  clouds.add(cloud)
  return () => clouds.delete(cloud)
}

/** A cloud that is not drawn takes no points from those that are; all of it can be clicked. */
export function clickInFull(cloud: readonly DrawnChunk[]): void {
  for (const { object } of cloud) {
    object.visible = true
    object.geometry.setDrawRange(0, Infinity)
  }
}

/** The budget in motion, in points, after a frame in motion that took so long. */
function nextBudget(budget: number, frameMilliseconds: number): number {
  if (frameMilliseconds > SLOW_MILLISECONDS) return Math.max(LEAST_POINTS, Math.round(budget * 0.75))
  if (frameMilliseconds < QUICK_MILLISECONDS) return Math.min(MOST_POINTS, Math.round(budget * 1.15))
  return budget
}

const frustum = new Frustum()
const view = new Matrix4()
const sphere = new Sphere()
const eye = new Vector3()

function seen({ object, chunk }: DrawnChunk): SeenChunk {
  sphere.center.fromArray(chunk.centre).applyMatrix4(object.matrixWorld)
  sphere.radius = chunk.radius * object.matrixWorld.getMaxScaleOnAxis()
  if (!frustum.intersectsSphere(sphere)) return { count: chunk.count, size: 0 }
  const distance = Math.max(sphere.center.distanceTo(eye), sphere.radius)
  return { count: chunk.count, size: Math.max(1e-4, sphere.radius / distance) }
}

/** Sets what is drawn of every cloud. @returns the points in all */
function shareBudget(camera: Camera, budget: number): number {
  camera.updateMatrixWorld()
  eye.setFromMatrixPosition(camera.matrixWorld)
  frustum.setFromProjectionMatrix(view.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse))
  const all = [...clouds].flat()
  const counts = pointsToDraw(all.map(seen), budget)
  let total = 0
  all.forEach(({ object }, n) => {
    object.geometry.setDrawRange(0, counts[n]!)
    object.visible = counts[n]! > 0
    total += counts[n]!
  })
  return total
}

/** Keeps the budget; belongs into the canvas once. */
export function PointBudget() {
  const invalidate = useThree((state) => state.invalidate)
  const controls = useThree((state) => state.controls)
  const orbiting = useRef(false)
  const moving = useRef(FIRST_POINTS)
  const last = useRef<number | null>(null)
  const settle = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => () => clearTimeout(settle.current ?? undefined), [])
  useEffect(() => {
    const orbit = controls as EventDispatcher<{ start: object; end: object }> | null
    const start = (): void => void (orbiting.current = true)
    const end = (): void => {
      orbiting.current = false
      clearTimeout(settle.current ?? undefined)
      settle.current = setTimeout(() => invalidate(), SETTLE_MILLISECONDS)
    }
    orbit?.addEventListener('start', start)
    orbit?.addEventListener('end', end)
    return () => {
      orbit?.removeEventListener('start', start)
      orbit?.removeEventListener('end', end)
    }
  }, [controls, invalidate])
  useFrame(({ camera, gl }) => {
    const inMotion = orbiting.current || useTransport.getState().rate !== 0
    const at = performance.now()
    if (inMotion && last.current !== null) moving.current = nextBudget(moving.current, at - last.current)
    last.current = inMotion ? at : null
    const budget = inMotion ? moving.current : Math.min(MOST_POINTS, moving.current * STILL_FACTOR)
    gl.domElement.dataset['points'] = String(shareBudget(camera, budget))
    gl.domElement.dataset['pointBudget'] = String(budget)
  })
  return null
}
