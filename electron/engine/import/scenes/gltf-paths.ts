/**
 * Cameras and things that an animation of a glTF file moves, as paths: their pose in the scene at every key, times on the
 * animation's own clock (Khronos glTF 2.0, "Animations" and its appendix C on interpolation).
 */
import { say } from '../../../../shared/sayings/saying.ts'
import type { Animation, AnimationSampler, Document, GLTF, Node } from '@gltf-transform/core'
import type { PosePath } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4, multiply, similarity } from '../../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { pathOf, poseOfRows } from '../reconstructions/camera-poses.ts'
import { warning } from '../refusals.ts'

/** More paths than this are a crowd of bones or props, not devices. */
const MOST_PATHS = 16
const MOST_SAMPLES = 1_000_000
/** Curves between keys are followed this often a second. */
const CURVE_HZ = 60
const MOST_SECONDS = 1e6

export interface GltfPath {
  readonly title: string
  readonly path: PosePath
}

/** Nodes of which a path is made, by their place in the list of nodes. */
export interface MovingNodes {
  readonly nodes: readonly number[]
  /** They and all above them: what moves these is needed. */
  readonly chain: ReadonlySet<number>
}

/** Cameras that an animation moves, by themselves or with what carries them; where there are none, all that it moves but bones. */
export function movingNodes(json: GLTF.IGLTF): MovingNodes {
  const parent = new Map<number, number>()
  json.nodes?.forEach(({ children = [] }, index) => children.forEach((child) => parent.set(child, index)))
  const above = (node: number): number[] => {
    const chain = [node]
    for (let next = parent.get(node); next !== undefined; next = parent.get(next)) chain.push(next)
    return chain
  }
  const moved = new Set<number>()
  for (const { channels = [] } of json.animations ?? []) {
    for (const { target } of channels) {
      const { node, path } = target ?? {}
      if (node !== undefined && json.nodes?.[node] && (path === 'translation' || path === 'rotation')) moved.add(node)
    }
  }
  const bones = new Set(json.skins?.flatMap(({ joints = [] }) => joints))
  const cameras = (json.nodes ?? []).flatMap(({ camera }, index) =>
    camera !== undefined && above(index).some((node) => moved.has(node)) ? [index] : [],
  )
  const nodes = cameras.length > 0 ? cameras : [...moved].filter((node) => !bones.has(node))
  return { nodes: nodes.slice(0, MOST_PATHS), chain: new Set(nodes.slice(0, MOST_PATHS).flatMap(above)) }
}

interface Track {
  readonly times: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly size: number
  readonly scale: number
  readonly interpolation: string
}

function trackOf(sampler: AnimationSampler | null, size: number): Track | undefined {
  const times = sampler?.getInput()?.getArray()
  const output = sampler?.getOutput()
  const values = output?.getArray()
  if (!sampler || !times || !values || !output || times.length === 0) return undefined
  const interpolation = sampler.getInterpolation()
  const perKey = size * (interpolation === 'CUBICSPLINE' ? 3 : 1)
  if (output.getElementSize() !== size || values.length < times.length * perKey) return undefined
  for (let i = 0; i < times.length; i++) {
    if (!(times[i]! >= 0 && times[i]! < MOST_SECONDS) || (i > 0 && times[i]! <= times[i - 1]!)) return undefined
  }
  // Rotations may be stored as whole numbers, of which the largest is one.
  const scale = output.getNormalized() ? 1 / (2 ** (8 * values.BYTES_PER_ELEMENT - (isSigned(values) ? 1 : 0)) - 1) : 1
  return { times, values, size, scale, interpolation }
}

function isSigned(values: ArrayLike<number>): boolean {
  return values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array
}

/** The value of a track at a time; before its first and after its last key it holds. */
function valueAt(track: Track, seconds: number): number[] {
  const { times, values, size, scale, interpolation } = track
  const isCurve = interpolation === 'CUBICSPLINE'
  const at = (key: number, part = isCurve ? 1 : 0): number[] =>
    Array.from({ length: size }, (_, k) => values[(key * (isCurve ? 3 : 1) + part) * size + k]! * scale)
  let low = 0
  let high = times.length - 1
  if (seconds <= times[0]!) return at(0)
  if (seconds >= times[high]!) return at(high)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (times[middle]! <= seconds) low = middle
    else high = middle
  }
  const span = times[high]! - times[low]!
  const t = (seconds - times[low]!) / span
  if (interpolation === 'STEP') return at(low)
  const [from, to] = [at(low), at(high)]
  if (isCurve) {
    const [leaving, arriving] = [at(low, 2), at(high, 0)]
    const [t2, t3] = [t * t, t * t * t]
    return from.map(
      (value, k) =>
        (2 * t3 - 3 * t2 + 1) * value +
        span * (t3 - 2 * t2 + t) * leaving[k]! +
        (3 * t2 - 2 * t3) * to[k]! +
        span * (t3 - t2) * arriving[k]!,
    )
  }
  return size === 4 ? turnedBetween(from, to, t) : from.map((value, k) => value + t * (to[k]! - value))
}

/** Along the shorter way round. */
function turnedBetween(from: readonly number[], to: readonly number[], t: number): number[] {
  const dot = from.reduce((sum, value, k) => sum + value * to[k]!, 0)
  const sign = dot < 0 ? -1 : 1
  const angle = Math.acos(Math.min(1, Math.abs(dot)))
  const [a, b] =
    angle < 1e-4 ? [1 - t, t] : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)]
  return from.map((value, k) => a * value + b * sign * to[k]!)
}

type Tracks = Partial<Record<'translation' | 'rotation' | 'scale', Track>>

function tracksOf(animation: Animation): Map<Node, Tracks> {
  const tracks = new Map<Node, Tracks>()
  for (const channel of animation.listChannels()) {
    const node = channel.getTargetNode()
    const path = channel.getTargetPath()
    if (!node || (path !== 'translation' && path !== 'rotation' && path !== 'scale')) continue
    const track = trackOf(channel.getSampler(), path === 'rotation' ? 4 : 3)
    if (track) tracks.set(node, { ...tracks.get(node), [path]: track })
  }
  return tracks
}

function chainOf(node: Node): Node[] {
  const chain = [node]
  for (let next = node.getParentNode(); next; next = next.getParentNode()) chain.unshift(next)
  return chain
}

function localMatrix(node: Node, tracks: Tracks | undefined, seconds: number): number[] {
  const translation = tracks?.translation ? valueAt(tracks.translation, seconds) : node.getTranslation()
  const rotation = tracks?.rotation ? valueAt(tracks.rotation, seconds) : node.getRotation()
  const scale = tracks?.scale ? valueAt(tracks.scale, seconds) : node.getScale()
  const length = Math.hypot(...rotation)
  const matrix = similarity(rotationFromQuaternion(rotation.map((value) => value / length)), translation)
  return matrix.map((value, slot) => (slot < 12 ? value * scale[Math.floor(slot / 4)]! : value))
}

/** All keys of what moves the node; between the keys of curves more, since a path is straight from pose to pose. */
function timesOf(tracks: readonly Tracks[]): number[] {
  const times = new Set<number>()
  for (const track of tracks.flatMap((each) => Object.values(each))) {
    const last = track.times[track.times.length - 1]!
    for (let i = 0; i < track.times.length; i++) times.add(track.times[i]!)
    if (track.interpolation !== 'CUBICSPLINE') continue
    for (let t = track.times[0]!; t < last && times.size < MOST_SAMPLES; t += 1 / CURVE_HZ) times.add(t)
  }
  return [...times].toSorted((a, b) => a - b).slice(0, MOST_SAMPLES)
}

/** @param nodes As `movingNodes` names them. A node that several animations move follows the first that does. */
export function pathsOf(
  sourcePath: string,
  document: Document,
  nodes: readonly number[],
): { paths: GltfPath[]; warnings: ImportWarning[] } {
  const all = document.getRoot().listNodes()
  const animations = document.getRoot().listAnimations().map(tracksOf)
  const paths: GltfPath[] = []
  const warnings: ImportWarning[] = []
  let unread = 0
  for (const index of nodes) {
    const node = all[index]
    if (!node) continue
    const chain = chainOf(node)
    const tracks = animations.find((each) =>
      chain.some((link) => each.get(link)?.translation ?? each.get(link)?.rotation),
    )
    const times = tracks ? timesOf(chain.flatMap((link) => tracks.get(link) ?? [])) : []
    const poses = times.flatMap((seconds) => {
      const m = chain.reduce((world, link) => multiply(world, localMatrix(link, tracks?.get(link), seconds)), IDENTITY4)
      const pose = poseOfRows([0, 1, 2].map((row) => [m[row]!, m[4 + row]!, m[8 + row]!, m[12 + row]!]))
      return pose ? [{ timeNanoseconds: BigInt(Math.round(seconds * 1e9)), ...pose }] : []
    })
    if (poses.length < 2) {
      unread++
      continue
    }
    const { path, warnings: found } = pathOf(sourcePath, poses)
    warnings.push(...found)
    paths.push({ title: node.getName() || `node ${index}`, path })
  }
  if (unread > 0) {
    warnings.push(warning('animation_unreadable', say('import.keysUnreadable', { bad: unread, total: nodes.length })))
  }
  const [first] = document.getRoot().listAnimations()
  if (paths.length > 0 && animations.length > 1) {
    const slots = { animations: animations.length, name: first?.getName() ?? '' }
    warnings.push(warning('several_animations', say('import.severalAnimations', slots)))
  }
  return { paths, warnings }
}
