/** How loud a clip is: as recorded unless it says otherwise, rising from silence and falling to it where it says so. */
import { LEAST_GAIN_DB, MOST_GAIN_DB, type Clip } from './records.ts'

export type ClipSound = Pick<Clip, 'gainDb' | 'fadeInTicks' | 'fadeOutTicks'>

/** What the amplitude is multiplied by for a number of decibels. */
export function amplitudeOf(decibels: number): number {
  return 10 ** (decibels / 20)
}

/** The nearest number of decibels that a clip may have. */
export function gainWithin(decibels: number): number {
  return Math.min(MOST_GAIN_DB, Math.max(LEAST_GAIN_DB, decibels))
}

export function isAsRecorded({ gainDb, fadeInTicks, fadeOutTicks }: ClipSound): boolean {
  return !gainDb && !fadeInTicks && !fadeOutTicks
}

/** A quarter of a sine: two fades across each other keep the power of what is faded. */
function rising(share: number): number {
  return share >= 1 ? 1 : Math.sin((Math.max(0, share) * Math.PI) / 2)
}

/** What the amplitude is multiplied by at a moment. @param ticks from the clip's start */
export function amplitudeAt(clip: ClipSound & Pick<Clip, 'durationTicks'>, ticks: number): number {
  const { gainDb = 0, fadeInTicks = 0, fadeOutTicks = 0 } = clip
  const fadeIn = fadeInTicks > 0 ? rising(ticks / fadeInTicks) : 1
  const fadeOut = fadeOutTicks > 0 ? rising((clip.durationTicks - ticks) / fadeOutTicks) : 1
  return amplitudeOf(gainDb) * fadeIn * fadeOut
}

/** Sets how loud a clip is; what is as recorded is not written down. Fades are at most as long as the clip. */
export function setSound(clip: Clip, change: ClipSound): void {
  const { gainDb, fadeInTicks, fadeOutTicks } = { ...clip, ...change }
  const gain = gainWithin(gainDb ?? 0)
  const fades = [fadeInTicks ?? 0, fadeOutTicks ?? 0].map((ticks) =>
    Math.min(clip.durationTicks, Math.max(0, Math.round(ticks))),
  )
  delete clip.gainDb
  delete clip.fadeInTicks
  delete clip.fadeOutTicks
  if (gain !== 0) clip.gainDb = gain
  if (fades[0]! > 0) clip.fadeInTicks = fades[0]!
  if (fades[1]! > 0) clip.fadeOutTicks = fades[1]!
}

/** At a cut nothing fades: the side before it keeps how it rises, the side behind it how it falls. */
export function partFades(before: Clip, behind: Clip): void {
  delete before.fadeOutTicks
  delete behind.fadeInTicks
}
