/** From bins on each clock to windows on the time line. */
import type { TimeMap } from '../../../shared/document/records.ts'
import type {
  MotionMeasure,
  PictureMeasure,
  SoundMeasure,
  UnitInput,
} from '../../../shared/stars/estimate/stars-input.ts'
import { MOST_UNITS } from '../../../shared/stars/estimate/unit-state.ts'
import type {
  JointMeasurement,
  Measurement,
  MotionMeasurement,
  PictureMeasurement,
  SoundMeasurement,
} from './measurements.ts'

/** The bins of one clock of one asset. */
export interface ClockBins {
  readonly assetId: string
  readonly clockId: string
  readonly group: string
  /** From the clock to the group's time line. */
  toGroupSeconds(clockSeconds: number): number
  readonly measurements: readonly Measurement[]
  /** The share of a bin, 0..1, that the recording and its edit fill; all of it where nothing is said. */
  heldShare?(measurement: Measurement, binStartSeconds: number): number
  /** Spans of the group's time line that lie in works that were minted before. */
  readonly seen: readonly SeenSpan[]
}

/** A span that was found in another work, and what that is called. */
export interface SeenSpan {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly work: string
}

const SHORTEST_WINDOW_SECONDS = 2
/** Longer windows are held together as wholes: their seconds, each against each, would be too many. */
const MOST_MOMENTS = 8
/** Windows of 2 s give 10 minutes of two clocks their full resolution. */
const WANTED_UNITS = 300

/** A clock's seconds on the time line; knots are followed piece by piece. */
export function projectSeconds(map: TimeMap, clockSeconds: number): number {
  const { knots } = map
  if (!knots || knots.length < 2) return map.offsetSeconds + (1 + map.ratePpm * 1e-6) * clockSeconds
  let at = 1
  while (at < knots.length - 1 && knots[at].clockSeconds < clockSeconds) at++
  const [a, b] = [knots[at - 1], knots[at]]
  const slope = (b.projectSeconds - a.projectSeconds) / Math.max(1e-9, b.clockSeconds - a.clockSeconds)
  return a.projectSeconds + slope * (clockSeconds - a.clockSeconds)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function meanVector(vectors: readonly (readonly number[])[]): number[] {
  return Array.from(vectors[0], (_, at) => {
    let sum = 0
    for (const vector of vectors) sum += vector[at]
    return sum / Math.max(1, vectors.length)
  })
}

/** The mean of what learned vectors there are. */
function joinMeanings(bins: readonly { meaning?: number[] | undefined }[]): { meaning?: number[] } {
  const meanings = bins.flatMap(({ meaning }) => (meaning ? [meaning] : []))
  return meanings.length > 0 ? { meaning: meanVector(meanings) } : {}
}

/** The direction in which the vectors of a model that was brought lie together. */
function joinJoints(bins: JointMeasurement['bins']): { joint?: number[] } {
  if (bins.length === 0) return {}
  const sum = meanVector(bins.map(({ vector }) => vector))
  const length = Math.hypot(...sum)
  return length > 1e-9 ? { joint: sum.map((value) => value / length) } : {}
}

function joinLooks(bins: PictureMeasurement['bins']): { looks?: string[] } {
  const looks = bins.flatMap(({ look }) => (look === undefined ? [] : [look]))
  return looks.length > 0 ? { looks } : {}
}

function joinPictures(bins: PictureMeasurement['bins'], joints: JointMeasurement['bins']): PictureMeasure {
  return {
    ...joinJoints(joints),
    ...joinLooks(bins),
    vector: meanVector(bins.map((bin) => bin.vector)),
    clarity: mean(bins.map((bin) => bin.clarity)),
    exposure: mean(bins.map((bin) => bin.exposure)),
    motion: mean(bins.map((bin) => bin.motion)),
    ...joinMeanings(bins),
  }
}

function momentOf({ vector, meaning }: SoundMeasurement['bins'][number]): Pick<SoundMeasure, 'vector' | 'meaning'> {
  return { vector, ...(meaning && { meaning }) }
}

function joinSounds(bins: SoundMeasurement['bins']): SoundMeasure {
  return {
    vector: meanVector(bins.map((bin) => bin.vector)),
    clearness: mean(bins.map((bin) => bin.clearness)),
    clippedShare: mean(bins.map((bin) => bin.clippedShare)),
    speech: mean(bins.map((bin) => bin.speech)),
    ...joinMeanings(bins),
    ...(bins.length > 1 && bins.length <= MOST_MOMENTS && { moments: bins.map(momentOf) }),
  }
}

function joinMotions(bins: MotionMeasurement['bins'], binSeconds: number): MotionMeasure {
  const seconds = bins.length * binSeconds
  const pathMetres = bins.reduce((sum, bin) => sum + bin.pathMetres, 0)
  const turnDegrees = bins.reduce((sum, bin) => sum + bin.turnDegrees, 0)
  const perSecond = mean(bins.map((bin) => bin.samples)) / binSeconds
  return {
    vector: [Math.log1p(pathMetres / seconds) * 0.6, Math.log1p(turnDegrees / seconds / 20) * 0.5],
    pathMetres,
    turnDegrees,
    quality: (1 - mean(bins.map((bin) => bin.jitter))) * Math.min(1, perSecond / 5),
  }
}

interface Collected {
  pictures: PictureMeasurement['bins']
  joints: JointMeasurement['bins']
  sounds: SoundMeasurement['bins']
  motions: MotionMeasurement['bins']
  motionBinSeconds: number
}

/** The window in which the middle of a bin lies: its rim may be a hair off where a clock was put in place. */
function windowOf(clock: ClockBins, binStartSeconds: number, binSeconds: number, windowSeconds: number): number {
  return Math.floor(clock.toGroupSeconds(binStartSeconds + binSeconds / 2) / windowSeconds + 1e-9)
}

/** Bins by window of the group. */
function collect(clock: ClockBins, windowSeconds: number): Map<number, Collected> {
  const windows = new Map<number, Collected>()
  const windowAt = (t: number, binSeconds: number): Collected => {
    const index = windowOf(clock, t, binSeconds, windowSeconds)
    let window = windows.get(index)
    if (!window) {
      window = { pictures: [], joints: [], sounds: [], motions: [], motionBinSeconds: 1 }
      windows.set(index, window)
    }
    return window
  }
  for (const measurement of clock.measurements) {
    if (measurement.kind === 'picture')
      for (const bin of measurement.bins) windowAt(bin.t, measurement.binSeconds).pictures.push(bin)
    if (measurement.kind === 'joint')
      for (const bin of measurement.bins) windowAt(bin.t, measurement.binSeconds).joints.push(bin)
    if (measurement.kind === 'sound')
      for (const bin of measurement.bins) windowAt(bin.t, measurement.binSeconds).sounds.push(bin)
    if (measurement.kind !== 'motion') continue
    for (const bin of measurement.bins) {
      const window = windowAt(bin.t, measurement.binSeconds)
      window.motions.push(bin)
      window.motionBinSeconds = measurement.binSeconds
    }
  }
  return windows
}

type Sense = 'picture' | 'sound' | 'motion'
/** What a clock's drift adds to a window is no matter. */
const LEAST_DIFFERENCE = 0.001

/** How many seconds each sense lasts of which the bins lie in each window, in the group's time: at its rims a recording fills no whole window. */
function heldSeconds(clock: ClockBins, windowSeconds: number): Map<number, Record<Sense, number>> {
  const held = new Map<number, Record<Sense, number>>()
  for (const measurement of clock.measurements) {
    const { kind } = measurement
    if (kind !== 'picture' && kind !== 'sound' && kind !== 'motion') continue
    for (const { t } of measurement.bins) {
      const start = clock.toGroupSeconds(t)
      const window = windowOf(clock, t, measurement.binSeconds, windowSeconds)
      const seconds = held.get(window) ?? { picture: 0, sound: 0, motion: 0 }
      const share = clock.heldShare?.(measurement, t) ?? 1
      seconds[kind] += share * (clock.toGroupSeconds(t + measurement.binSeconds) - start)
      held.set(window, seconds)
    }
  }
  return held
}

/** The seconds of each sense in a window, where they are not those of the window. */
function filling(held: Record<Sense, number> | undefined, windowSeconds: number): Pick<UnitInput, 'seconds'> {
  if (!held) return {}
  const own = Object.entries(held).filter(
    ([, seconds]) => seconds > 0 && Math.abs(seconds - windowSeconds) > LEAST_DIFFERENCE * windowSeconds,
  )
  if (own.length === 0) return {}
  return { seconds: Object.fromEntries(own.map(([sense, seconds]) => [sense, Math.round(seconds * 1e4) / 1e4])) }
}

function span(clock: ClockBins): number {
  let longest = 0
  for (const measurement of clock.measurements) {
    if (measurement.kind === 'scan' || measurement.bins.length === 0) continue
    const { bins, binSeconds } = measurement
    longest = Math.max(longest, bins[bins.length - 1].t - bins[0].t + binSeconds)
  }
  return longest
}

/** Windows of 2 s, or longer where there would be too many of them. */
export function windowSecondsFor(clocks: readonly ClockBins[]): number {
  const total = clocks.reduce((sum, clock) => sum + span(clock), 0)
  const wanted = Math.max(SHORTEST_WINDOW_SECONDS, total / WANTED_UNITS)
  return Math.min(1e6, Math.ceil(wanted * 2) / 2)
}

/** The units of all clocks, in their order, then by window. */
export function placeUnits(clocks: readonly ClockBins[], windowSeconds: number): UnitInput[] {
  const units: UnitInput[] = []
  for (const clock of clocks) {
    const windows = [...collect(clock, windowSeconds).entries()].sort(([a], [b]) => a - b)
    const held = heldSeconds(clock, windowSeconds)
    for (const [window, { pictures, joints, sounds, motions, motionBinSeconds }] of windows) {
      // What only the model that was brought looked at, at the rim of a recording, is no window of its own.
      if (pictures.length + sounds.length + motions.length === 0) continue
      const middle = (window + 0.5) * windowSeconds
      const seen = clock.seen.find(({ startSeconds, endSeconds }) => middle >= startSeconds && middle < endSeconds)
      units.push({
        ...(seen && { seenIn: seen.work }),
        assetId: clock.assetId,
        clockId: clock.clockId,
        group: clock.group,
        window,
        ...filling(held.get(window), windowSeconds),
        picture: pictures.length > 0 ? joinPictures(pictures, joints) : null,
        sound: sounds.length > 0 ? joinSounds(sounds) : null,
        motion: motions.length > 0 ? joinMotions(motions, motionBinSeconds) : null,
      })
    }
  }
  if (units.length <= MOST_UNITS) return units
  // Many short clocks can still be too many: every n-th unit stands for the rest.
  const step = units.length / MOST_UNITS
  return Array.from({ length: MOST_UNITS }, (_, at) => units[Math.floor(at * step)])
}
