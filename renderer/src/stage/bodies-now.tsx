/** Hands, bodies and gaze at the playhead, where they were. */
import { useEffect, useMemo } from 'react'
import { invalidate } from '@react-three/fiber'
import {
  BufferAttribute,
  BufferGeometry,
  Group,
  Line,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Points,
  PointsMaterial,
  type Object3D,
} from 'three'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { longestGap, placeJoints, type JointBlob } from '../../../shared/geometry/joints.ts'
import { everyFrame } from '../state/frames.ts'
import { useLatest } from '../ui/use-latest.ts'
import { clockSecondsAt } from './clip-time.ts'
import { placeDevice, useFramed, useJoints, usePath } from './device-pose.ts'

const HAND_COLOR = '#5be38a'
const GAZE_COLOR = '#ff5fa8'
/** Of the screen: a hand across the room is to be found as well. */
const JOINT_PIXELS = 4
/** What is known as one place only stands for a whole hand; the eye for a head. */
const PLACE_PIXELS = 9
const GAZE_METRES = 3
/** What importers say of hands and gaze that are told from the wearer and not in the frame of the recording. */
const OWN_FRAMES: Readonly<Record<string, string>> = { frame_of_device: 'hands', frame_of_eyes: 'gaze' }

/** A body that is known joint by joint: the paths of its single joints are part of it. */
export function isWholeBody({ sensor, jointCount }: Stream): boolean {
  return sensor === 'pose' && jointCount !== undefined
}

/** What can be drawn of people, and the recordings of which it cannot, as nobody knows where in the world they were. */
export function bodiesOf(document: Document): {
  readonly drawn: readonly Stream[]
  readonly ownFrame: readonly string[]
} {
  const streams = recordsOf(document, 'stream')
  const whole = new Set(streams.filter(isWholeBody).map(({ assetId }) => assetId))
  const ownFrame = new Set<string>()
  const drawn = streams.filter((stream) => {
    if (whole.has(stream.assetId)) return isWholeBody(stream)
    if (stream.sensor !== 'hands' && stream.sensor !== 'gaze') return false
    const asset = document.get(stream.assetId)
    const warnings = asset?.kind === 'asset' ? asset.warnings : []
    const isOwn = warnings.some(({ code }) => OWN_FRAMES[code] === stream.sensor)
    if (isOwn) ownFrame.add(stream.assetId)
    return !isOwn
  })
  return { drawn, ownFrame: [...ownFrame] }
}

interface BodyProps {
  readonly stream: Stream
  /** `world_from_asset`, column-major. */
  readonly matrix: readonly number[]
  readonly document: Document
}

export function BodyNow(props: BodyProps) {
  return props.stream.sensor === 'gaze' ? <GazeNow {...props} /> : <JointsNow {...props} />
}

/** Joints as points, bones as lines between them. */
function JointsNow(props: BodyProps) {
  const joints = useJoints(props.stream)
  useFramed(props.stream, joints?.positions, props.matrix)
  const figure = useMemo(() => (joints ? figureOf(joints) : null), [joints])
  return <Shown {...props} object={figure?.object ?? null} place={figure?.place ?? null} />
}

/** The look of the eyes as a ray along -Z. */
function GazeNow(props: BodyProps) {
  const path = usePath(props.stream)
  const ray = useMemo(() => {
    if (!path) return null
    const gap = longestGap(path.seconds)
    const object = rayOfGaze()
    return { object, place: (seconds: number) => placeDevice(object, path, seconds, gap) }
  }, [path])
  return <Shown {...props} object={ray?.object ?? null} place={ray?.place ?? null} />
}

interface ShownProps extends BodyProps {
  readonly object: Object3D | null
  /** Puts it where it was at a moment of its own clock, and hides it where it was not seen. */
  readonly place: ((clockSeconds: number) => void) | null
}

function Shown({ stream, matrix, document, object, place }: ShownProps) {
  const latest = useLatest(document)
  const placed = useMemo(() => new Matrix4().fromArray(matrix), [matrix])
  useEffect(() => invalidate(), [placed])
  useEffect(() => {
    if (!place) return
    let shown = Number.NaN
    return everyFrame((projectSeconds) => {
      const seconds = clockSecondsAt(latest.current, stream, projectSeconds)
      if (seconds === shown) return
      shown = seconds
      place(seconds)
      invalidate()
    })
  }, [place, stream, latest])
  useEffect(() => () => dispose(object), [object])
  return object ? (
    <group matrix={placed} matrixAutoUpdate={false}>
      <primitive object={object} />
    </group>
  ) : null
}

function figureOf(joints: JointBlob): { object: Object3D; place: (clockSeconds: number) => void } {
  const positions = new BufferAttribute(new Float32Array(joints.jointCount * 3), 3)
  const gap = longestGap(joints.seconds)
  const points = dots(joints.jointCount === 1 ? PLACE_PIXELS : JOINT_PIXELS, HAND_COLOR)
  const bones = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: HAND_COLOR, toneMapped: false }))
  bones.geometry.setIndex(joints.bones.flat())
  const object = new Group()
  object.visible = false
  for (const part of [points, bones]) {
    part.geometry.setAttribute('position', positions)
    // It moves with every moment, and is small.
    part.frustumCulled = false
    object.add(part)
  }
  return {
    object,
    place(seconds) {
      object.visible = placeJoints(joints, seconds, gap, positions.array as Float32Array)
      positions.needsUpdate = object.visible
    },
  }
}

function dots(size: number, color: string): Points {
  return new Points(
    new BufferGeometry(),
    new PointsMaterial({ size, color, sizeAttenuation: false, toneMapped: false }),
  )
}

function rayOfGaze(): Object3D {
  const ends = new BufferAttribute(new Float32Array([0, 0, 0, 0, 0, -GAZE_METRES]), 3)
  const object = new Group()
  object.visible = false
  const line = new Line(new BufferGeometry(), new LineBasicMaterial({ color: GAZE_COLOR, toneMapped: false }))
  for (const part of [line, dots(PLACE_PIXELS, GAZE_COLOR)]) {
    part.geometry.setAttribute('position', ends)
    object.add(part)
  }
  return object
}

function dispose(object: Object3D | null): void {
  object?.traverse((part) => {
    if (!(part instanceof Points || part instanceof Line)) return
    part.geometry.dispose()
    ;(part.material as PointsMaterial | LineBasicMaterial).dispose()
  })
}
