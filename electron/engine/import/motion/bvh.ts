/**
 * BVH motion capture: a skeleton and a row of channels for each frame become the path of every joint in the world. The
 * format names neither unit nor axes: the unit is told from the size of the body, the axes are +Y up unless the body
 * stands along Z. Rotations are degrees and turn in the order in which the channels are listed.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { PosePath } from '../../../../shared/geometry/data.ts'
import type { JointFrames } from '../../../../shared/geometry/joints.ts'
import { multiplyRotations, quaternionFromRotation, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { SkeletonReader, type BvhJoint, type BvhSkeleton } from './bvh-skeleton.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { corruptFile, emptyFile, refuseBeyondMemory, warning } from '../refusals.ts'
import { poseStream, streamSetImporter, withJoints, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { asciiText, forEachLine, NumberRow } from '../reading/text-lines.ts'
import { PoseRows } from '../reading/timed-rows.ts'

interface Motion {
  readonly skeleton: BvhSkeleton
  /** Rows of channels, in order of the columns; a frame that could not be read is missing. */
  readonly rows: readonly Float64Array[]
  /** Number of each row in the file, from 0. */
  readonly frames: readonly number[]
  readonly frameSeconds: number
  readonly warnings: readonly ImportWarning[]
}

const MAX_HEADER_LINES = 50_000

/** What a printed frame time means: `0.0083333` is a 120th of a second, cut off. */
function frameSecondsOf(path: string, text: string): number {
  const printed = Number(text)
  if (!(printed > 1e-6 && printed < 3600))
    throw corruptFile(
      path,
      text ? say('capture.frameTime', { text: text.slice(0, 40) }) : say('capture.frameTimeMissing'),
    )
  const decimals = /\.(\d+)$/.exec(text)?.[1]?.length
  const whole = 1 / Math.round(1 / printed)
  return decimals !== undefined && Math.abs(whole - printed) <= 10 ** -decimals ? whole : printed
}

async function readMotion(source: ImportSource, signal: AbortSignal): Promise<Motion> {
  const { path } = source
  const reader = new SkeletonReader(path)
  let skeleton: BvhSkeleton | undefined
  let row: NumberRow | undefined
  let declared: number | undefined
  let frameText: string | undefined
  let lines = 0
  let frame = 0
  let isLonger = false
  const rows: Float64Array[] = []
  const frames: number[] = []
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (row && skeleton) {
      row.parse(bytes, from, to)
      if (row.count === 0) return true
      isLonger = frame === declared
      if (isLonger) return false
      if (row.count === skeleton.columnCount && row.values.every((value) => Math.abs(value) < 1e7)) {
        if (rows.length % 1024 === 0)
          refuseBeyondMemory(path, (rows.length + 1024) * 8 * 3 * (skeleton.columnCount + 10), say('capture.motion'))
        rows.push(row.values.slice())
        frames.push(frame)
      }
      frame++
      return true
    }
    if (++lines > MAX_HEADER_LINES) throw corruptFile(path, say('capture.skeletonEndless'))
    const text = asciiText(bytes, from, Math.min(to, from + 4096)).trim()
    if (/^motion\b/i.test(text)) skeleton = reader.finish()
    else if (!skeleton) {
      // Braces may stand on the line of the joint.
      const [, before, brace] = /^([^{}]*)([{}]?)/.exec(text) ?? []
      if (before?.trim()) reader.line(before.trim().split(/\s+/))
      if (brace === '}') reader.line(['}'])
    } else if (/^frames\s*:/i.test(text)) declared = Number(text.split(':')[1])
    else if (/^frame\s*time\s*:/i.test(text)) {
      frameText = text.split(':')[1]?.trim() ?? ''
      row = new NumberRow(skeleton.columnCount)
    }
    return true
  })
  if (!skeleton || frameText === undefined) throw corruptFile(path, say('capture.beforeMotion'))
  if (declared !== undefined && !(Number.isInteger(declared) && declared >= 0))
    throw corruptFile(path, say('capture.framesUntold'))
  const frameSeconds = frameSecondsOf(path, frameText)
  if (rows.length === 0) throw emptyFile(path, say('capture.framesUnreadable'))
  return { skeleton, rows, frames, frameSeconds, warnings: frameWarnings(declared, frame, rows.length, isLonger) }
}

function frameWarnings(declared: number | undefined, read: number, usable: number, isLonger: boolean): ImportWarning[] {
  const warnings: ImportWarning[] = []
  if (isLonger) warnings.push(warning('frames_beyond', say('import.framesBeyond', { read })))
  if (declared !== undefined && read < declared)
    warnings.push(warning('broken_off', say('import.framesBroken', { read, declared })))
  if (usable < read)
    warnings.push(warning('samples_dropped', say('import.framesDropped', { bad: read - usable, total: read })))
  return warnings
}

/** Metres of a unit by the size of the body in it. The ranges do not meet for people from a child to a giant. */
type BodyUnit = 'metres' | 'cmu' | 'inches' | 'centimetres' | 'millimetres'
const UNITS: readonly (readonly [from: number, to: number, metres: number, name: BodyUnit])[] = [
  [0.5, 3, 1, 'metres'],
  [20, 42, 0.0254 / 0.45, 'cmu'],
  [42, 95, 0.0254, 'inches'],
  [95, 400, 0.01, 'centimetres'],
  [700, 4000, 0.001, 'millimetres'],
]

function unitOf(size: number): { metres: number; warning: ImportWarning } {
  const known = UNITS.find(([from, to]) => size >= from && size < to)
  const [, , metres, name] = known ?? ([0, 0, 0.01, 'centimetres'] as const)
  const slots = { across: fixedAmount(size, 1), unit: say(`import.unit.${name}`) }
  return {
    metres,
    warning: known
      ? warning('unit_guessed', say('import.bodyUnit', slots))
      : warning('scale_unknown', say('import.bodyUnitDoubtful', slots)),
  }
}

const AXIS = { x: 0, y: 1, z: 2 } as const
const RADIANS = Math.PI / 180

/** A turn about one axis. */
function turn(axis: number, radians: number): number[] {
  const vector = [0, 0, 0]
  vector[axis] = radians
  return rotationFromVector(vector[0], vector[1], vector[2])
}

/** Some recorders repeat the offset in the position channels, others write what comes on top of it. */
function repeatsOffset({ channels, offset, firstColumn }: BvhJoint, row: Float64Array): boolean {
  const length = Math.hypot(...offset)
  const channel = (axis: 'x' | 'y' | 'z') => channels.indexOf(`${axis}position`)
  const difference = (['x', 'y', 'z'] as const).map((axis) =>
    channel(axis) < 0 ? 0 : row[firstColumn + channel(axis)] - offset[AXIS[axis]],
  )
  return length > 0 && Math.hypot(...difference) < 0.1 * length
}

/** Position and rotation (column-major 3x3) of every joint in one frame, in the file's unit and axes. */
function poseFrame(
  joints: readonly BvhJoint[],
  repeating: readonly boolean[],
  row: Float64Array,
): { positions: number[][]; rotations: number[][] } {
  const positions: number[][] = []
  const rotations: number[][] = []
  joints.forEach(({ parent, offset, channels, firstColumn }, index) => {
    const local: number[] = [...offset]
    let rotation: number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    channels.forEach((channel, slot) => {
      const axis = AXIS[channel[0] as 'x' | 'y' | 'z']
      const value = row[firstColumn + slot]
      if (channel.endsWith('position')) local[axis] = repeating[index] ? value : local[axis] + value
      else rotation = multiplyRotations(rotation, turn(axis, value * RADIANS))
    })
    if (parent < 0) {
      positions.push(local)
      rotations.push(rotation)
      return
    }
    const [above, r] = [positions[parent], rotations[parent]]
    positions.push([0, 1, 2].map((i) => above[i] + r[i] * local[0] + r[3 + i] * local[1] + r[6 + i] * local[2]))
    rotations.push(multiplyRotations(r, rotation))
  })
  return { positions, rotations }
}

const HEAD = /head$|^head|skull/i
const HAND = /hand|wrist|finger|thumb|palm|index|middle|ring|pinky|little/i
/** The joints that say most of a body come first, since tools that look at a few look at these. */
const rank = ({ name, parent }: BvhJoint): number => {
  if (parent < 0) return 0
  if (HEAD.test(name)) return 1
  return /(hand|wrist)$/i.test(name) ? 2 : 3
}

/** +Z is up where the head stays above the root along Z rather than along Y. */
function standsAlongZ({ skeleton, rows }: Motion, repeating: readonly boolean[]): boolean {
  const head = skeleton.joints.findIndex(({ name }) => HEAD.test(name))
  if (head < 0) return false
  const step = Math.max(1, Math.floor(rows.length / 50))
  const up = [0, 0, 0]
  for (let at = 0; at < rows.length; at += step) {
    const { positions } = poseFrame(skeleton.joints, repeating, rows[at])
    for (let axis = 0; axis < 3; axis++) up[axis] += positions[head][axis] - positions[0][axis]
  }
  return up[2] > 2 * Math.abs(up[1]) && up[2] > 2 * Math.abs(up[0])
}

function pathsOf(
  source: ImportSource,
  motion: Motion,
  metres: number,
  isUpZ: boolean,
  repeating: boolean[],
): PosePath[] {
  const { skeleton, rows, frames, frameSeconds } = motion
  const { joints } = skeleton
  refuseBeyondMemory(source.path, rows.length * joints.length * 8 * 20, say('capture.jointMotion'))
  const paths = joints.map(() => new PoseRows(source.path))
  rows.forEach((row, at) => {
    const { positions, rotations } = poseFrame(joints, repeating, row)
    const time = BigInt(Math.round(frames[at] * frameSeconds * 1e9))
    joints.forEach((_, joint) => {
      const position = positions[joint].map((value) => value * metres)
      const rotation = quaternionFromRotation(rotations[joint])
      if (isUpZ) paths[joint].add(time, uprightPosition(position), uprightRotation(rotation))
      else paths[joint].add(time, position, rotation)
    })
  })
  return paths.map((path) => path.finish().path)
}

/** All joints together, of paths that have every sample in common. */
function jointsOf(joints: readonly BvhJoint[], paths: readonly PosePath[]): JointFrames {
  const { count, timesNanoseconds } = paths[0]
  const positions = new Float32Array(3 * joints.length * count)
  paths.forEach((path, joint) => {
    for (let row = 0; row < count; row++)
      positions.set(path.positions.subarray(3 * row, 3 * row + 3), 3 * (row * joints.length + joint))
  })
  const bones = joints.flatMap(({ parent }, joint) => (parent < 0 ? [] : [[parent, joint] as const]))
  return { count, jointCount: joints.length, timesNanoseconds, positions, bones }
}

async function readSet(source: ImportSource, { signal }: ImportContext): Promise<StreamSet> {
  const motion = await readMotion(source, signal)
  const { skeleton, frameSeconds } = motion
  const unit = unitOf(skeleton.restSize)
  const repeating = skeleton.joints.map((joint) => repeatsOffset(joint, motion.rows[0]))
  const isUpZ = standsAlongZ(motion, repeating)
  const paths = pathsOf(source, motion, unit.metres, isUpZ, repeating)
  const order = skeleton.joints.map((joint, index) => ({ joint, index }))
  order.sort((a, b) => rank(a.joint) - rank(b.joint) || a.index - b.index)
  const streams: LoadedStream[] = order.flatMap(({ joint, index }) => {
    const sensor = HAND.test(joint.name) ? 'hands' : 'pose'
    const stream = poseStream(joint.name || `joint ${index}`, paths[index], sensor)
    const { joints } = skeleton
    const isWhole = index === 0 && paths.every(({ count }) => count === paths[0].count)
    return (isWhole ? withJoints(stream, joints.length, () => jointsOf(joints, paths)) : stream) ?? []
  })
  const warnings = [...motion.warnings, unit.warning]
  if (isUpZ) warnings.push(warning('axes_guessed', say('import.bodyTurned')))
  return {
    kind: 'data',
    clock: { title: 'Seconds from the first frame', source: 'container', epochUtcNanoseconds: null, timecode: null },
    streams,
    warnings,
    metadata: {
      axes: isUpZ ? 'turned from +Z up to +Y up' : '+Y up, as is the custom of the format',
      jointCount: skeleton.joints.length,
      frameSeconds,
    },
  }
}

export const bvhImporter = streamSetImporter({
  id: 'bvh',
  title: say('readable.bvh'),
  extensions: ['bvh'],
  supports: ({ head }) => (/^(\u00ef\u00bb\u00bf)?\s*HIERARCHY\s+ROOT\b/i.test(asciiText(head, 0, 512)) ? 1 : 0),
  readSet,
})
