/**
 * Joints of the timeline at which what a sensor tells parts from the picture: the sensor's recording is cut or jumps
 * there while the picture runs on. Whoever learns from the edit would take it for what happened.
 */
import { secondsFromTicks, ticksFromSeconds } from '../units.ts'
import { momentsOfStream, sourceSecondsAt } from './clip-clock.ts'
import { recordsOf, type Document } from './document.ts'
import type { Clip, Sensor, Track } from './records.ts'

export interface SensorJoint {
  /** What becomes of the sensor there; it goes back where it shows again what it showed before. */
  readonly what: 'missing' | 'skips' | 'repeats' | 'begins' | 'ends'
  readonly atTicks: number
  /** Of the sensor: how much is missing, skipped, repeated, or was recorded beyond where it begins or ends. */
  readonly seconds: number
  /** The clips that meet there. */
  readonly clipIds: readonly string[]
}

const MOVING: ReadonlySet<Sensor> = new Set(['pose', 'imu', 'depth', 'gaze', 'hands'])
/** Less is within a picture. */
const LEAST_SECONDS = 0.02

interface Known {
  readonly pictures: readonly Track[]
  readonly joints: readonly SensorJoint[]
}
/** A track is another object once anything of it has changed: after an edit only what it touched is looked at again. */
const known = new WeakMap<Track, Known>()

/** By the tracks of sensors that have some, in the order of their moments. */
export function sensorJoints(document: Document): ReadonlyMap<string, readonly SensorJoint[]> {
  const tracks = recordsOf(document, 'track')
  const pictures = tracks.filter(({ sensor, clips }) => sensor === 'video' && clips.length > 0)
  const found = new Map<string, readonly SensorJoint[]>()
  if (pictures.length === 0) return found
  for (const track of tracks) {
    if (!MOVING.has(track.sensor) || track.clips.length === 0) continue
    const before = known.get(track)
    const isKnown =
      before?.pictures.length === pictures.length && before.pictures.every((each, n) => each === pictures[n])
    const joints = isKnown ? before.joints : jointsOf(document, track, pictures)
    known.set(track, { pictures, joints })
    if (joints.length > 0) found.set(track.id, joints)
  }
  return found
}

function jointsOf(document: Document, track: Track, pictures: readonly Track[]): SensorJoint[] {
  const runs = new Map<string, (atTicks: number) => boolean>()
  const runsOn = (assetId: string, atTicks: number): boolean => {
    const known = runs.get(assetId) ?? pictureOf(document, pictures, assetId)
    runs.set(assetId, known)
    return known(atTicks)
  }
  const joints: SensorJoint[] = []
  for (const [n, clip] of track.clips.entries()) {
    const before = track.clips[n - 1]
    const follows = before?.streamId === clip.streamId
    const { startTicks } = clip
    const beforeEnds = before ? before.startTicks + before.durationTicks : -Infinity
    const gap = follows ? secondsFromTicks(startTicks - beforeEnds) : Infinity
    if (follows && gap <= LEAST_SECONDS) {
      const by = sourceAt(document, clip, startTicks) - sourceAt(document, before, startTicks)
      if (Math.abs(by) <= LEAST_SECONDS || !runsOn(clip.assetId, startTicks)) continue
      const what = by > 0 ? 'skips' : 'repeats'
      joints.push({ what, atTicks: startTicks, seconds: Math.abs(by), clipIds: [before.id, clip.id] })
    } else if (follows && runsOn(clip.assetId, beforeEnds) && runsOn(clip.assetId, startTicks))
      joints.push({ what: 'missing', atTicks: beforeEnds, seconds: gap, clipIds: [before.id, clip.id] })
    else {
      if (before) joints.push(...endOf(document, before, runsOn))
      joints.push(...beginningOf(document, clip, runsOn))
    }
  }
  const last = track.clips.at(-1)
  return last ? [...joints, ...endOf(document, last, runsOn)] : joints
}

type RunsOn = (assetId: string, atTicks: number) => boolean

function endOf(document: Document, clip: Clip, runsOn: RunsOn): SensorJoint[] {
  const atTicks = clip.startTicks + clip.durationTicks
  const { endSeconds } = recordedOf(document, clip)
  const seconds = endSeconds - sourceAt(document, clip, atTicks)
  const isCut = seconds > LEAST_SECONDS && runsOn(clip.assetId, atTicks)
  return isCut ? [{ what: 'ends', atTicks, seconds, clipIds: [clip.id] }] : []
}

function beginningOf(document: Document, clip: Clip, runsOn: RunsOn): SensorJoint[] {
  const { startSeconds } = recordedOf(document, clip)
  const seconds = secondsFromTicks(clip.sourceStartTicks) - startSeconds
  const isCut = seconds > LEAST_SECONDS && runsOn(clip.assetId, clip.startTicks)
  return isCut ? [{ what: 'begins', atTicks: clip.startTicks, seconds, clipIds: [clip.id] }] : []
}

/** Of a stream whose length is not known, nothing is cut that could be told. */
function recordedOf(document: Document, { streamId }: Clip): { startSeconds: number; endSeconds: number } {
  const stream = document.get(streamId)
  if (stream?.kind !== 'stream') return { startSeconds: Infinity, endSeconds: -Infinity }
  const { startSeconds, durationSeconds } = stream
  return { startSeconds, endSeconds: durationSeconds === null ? -Infinity : startSeconds + durationSeconds }
}

function sourceAt(document: Document, clip: Clip, atTicks: number): number {
  return sourceSecondsAt(clip, momentsOfStream(document, clip.streamId), secondsFromTicks(atTicks))
}

/** Tells where a picture runs on: that of the sensor's own recording, or any where it has none. */
function pictureOf(document: Document, pictures: readonly Track[], assetId: string): (atTicks: number) => boolean {
  const own = pictures.filter(({ clips }) => clips.some((clip) => clip.assetId === assetId))
  const lists = (own.length > 0 ? own : pictures).map(({ clips }) =>
    own.length > 0 ? clips.filter((clip) => clip.assetId === assetId) : clips,
  )
  const near = ticksFromSeconds(LEAST_SECONDS)
  return (atTicks) => lists.some((clips) => runsThrough(document, clips, atTicks, near))
}

/** Whether one clip, or one that goes on where another ends, shows what was before a tick and what comes after it. */
function runsThrough(document: Document, clips: readonly Clip[], atTicks: number, near: number): boolean {
  const before = clips.find((clip) => clip.startTicks <= atTicks - near && atTicks - near < endsAt(clip))
  const after = clips.find((clip) => clip.startTicks <= atTicks + near && atTicks + near < endsAt(clip))
  if (!before || !after) return false
  if (before === after) return true
  const by = sourceAt(document, after, atTicks) - sourceAt(document, before, atTicks)
  return before.streamId === after.streamId && Math.abs(by) <= LEAST_SECONDS
}

function endsAt({ startTicks, durationTicks }: Clip): number {
  return startTicks + durationTicks
}
