/**
 * The HIERARCHY of a BVH file (Biovision Hierarchy, as Meredith and Maddock 2001, Motion Capture File Formats Explained,
 * describe it): joints below each other, each with an offset and channels that the rows of MOTION fill in order.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { corruptFile, tooLarge } from '../refusals.ts'

type BvhChannel = 'xposition' | 'yposition' | 'zposition' | 'xrotation' | 'yrotation' | 'zrotation'

export interface BvhJoint {
  readonly name: string
  /** Index of the joint above it; -1 of a root. A joint always stands behind its parent. */
  readonly parent: number
  /** In the file's unit, from the parent. */
  readonly offset: readonly [number, number, number]
  readonly channels: readonly BvhChannel[]
  /** Column of its first channel in a row. */
  readonly firstColumn: number
}

export interface BvhSkeleton {
  readonly joints: readonly BvhJoint[]
  readonly columnCount: number
  /** Longest side of the box around the joints and end sites with all channels at zero, in the file's unit. */
  readonly restSize: number
}

const CHANNELS: readonly string[] = ['xposition', 'yposition', 'zposition', 'xrotation', 'yrotation', 'zrotation']
const MAX_JOINTS = 1000

interface Open {
  /** -1 for an end site, which has no motion of its own. */
  readonly joint: number
  readonly parent: number
}

/** Takes the words between HIERARCHY and MOTION one at a time. */
export class SkeletonReader {
  readonly #path: string
  readonly #joints: BvhJoint[] = []
  readonly #sites: { parent: number; offset: [number, number, number] }[] = []
  readonly #open: Open[] = []
  #columnCount = 0

  constructor(path: string) {
    this.#path = path
  }

  /** @throws `corrupt_file` where the words make no skeleton. */
  line(words: readonly string[]): void {
    const [keyword, ...rest] = words
    switch (keyword?.toLowerCase()) {
      case 'root':
      case 'joint':
        this.#begin(rest.filter((word) => word !== '{').join(' '), keyword)
        break
      case 'end':
        this.#open.push({ joint: -1, parent: this.#current() })
        break
      case 'offset':
        this.#offset(rest)
        break
      case 'channels':
        this.#channels(rest)
        break
      case '}':
        this.#open.pop()
        break
      default:
    }
  }

  #current(): number {
    return this.#open.at(-1)?.joint ?? -1
  }

  #begin(name: string, keyword: string): void {
    if (this.#joints.length === MAX_JOINTS) throw tooLarge(this.#path, say('capture.jointsMany', { most: MAX_JOINTS }))
    const parent = this.#current()
    if (keyword.toLowerCase() === 'joint' && parent < 0)
      throw corruptFile(this.#path, say('capture.jointLoose', { name: name.slice(0, 60) }))
    this.#joints.push({ name: name.slice(0, 100), parent, offset: [0, 0, 0], channels: [], firstColumn: 0 })
    this.#open.push({ joint: this.#joints.length - 1, parent })
  }

  #offset(words: readonly string[]): void {
    const [x, y, z] = words.map(Number)
    const open = this.#open.at(-1)
    if (!open || ![x, y, z].every((value) => Number.isFinite(value) && Math.abs(value) < 1e6))
      throw corruptFile(this.#path, say('capture.jointOffset'))
    if (open.joint < 0) this.#sites.push({ parent: open.parent, offset: [x, y, z] })
    else this.#joints[open.joint] = { ...this.#joints[open.joint], offset: [x, y, z] }
  }

  #channels([count, ...names]: readonly string[]): void {
    const joint = this.#current()
    const channels = names.map((name) => name.toLowerCase())
    if (joint < 0 || Number(count) !== channels.length || !channels.every((name) => CHANNELS.includes(name)))
      throw corruptFile(this.#path, say('capture.jointChannels'))
    if (channels.length > 6 || new Set(channels).size < channels.length)
      throw corruptFile(this.#path, say('capture.jointChannelTwice'))
    this.#joints[joint] = {
      ...this.#joints[joint],
      channels: channels as BvhChannel[],
      firstColumn: this.#columnCount,
    }
    this.#columnCount += channels.length
  }

  finish(): BvhSkeleton {
    if (this.#joints.length === 0 || this.#columnCount === 0) throw corruptFile(this.#path, say('capture.jointsFixed'))
    return { joints: this.#joints, columnCount: this.#columnCount, restSize: this.#restSize() }
  }

  #restSize(): number {
    const places: number[][] = []
    for (const { parent, offset } of this.#joints) {
      const above = places[parent] ?? [0, 0, 0]
      // Where the root stands says nothing of the body.
      places.push(parent < 0 ? [0, 0, 0] : offset.map((value, axis) => value + above[axis]))
    }
    for (const { parent, offset } of this.#sites)
      places.push(offset.map((value, axis) => value + (places[parent]?.[axis] ?? 0)))
    const sides = [0, 1, 2].map((axis) => {
      const values = places.map((place) => place[axis])
      return Math.max(...values) - Math.min(...values)
    })
    return Math.max(...sides)
  }
}
