/** Figures of sound from mel band levels: what it is like, how far it stands out of its noise, whether it is a voice. */

export const MEL_BANDS = 24
/** Level that stands for silence, dB below full scale. */
const SILENCE_DB = -75
const VECTOR_SCALE = 0.035

/** Levels of the mel bands of some frames, dB; `levels[frame * MEL_BANDS + band]`. */
export interface MelFrames {
  readonly count: number
  readonly levels: Float32Array
}

/** Mean spectrum above its own floor, and how much each band swings: 2 x 24 numbers. */
export function soundVector(frames: MelFrames): number[] {
  const mean = new Float64Array(MEL_BANDS)
  const square = new Float64Array(MEL_BANDS)
  for (let frame = 0; frame < frames.count; frame++) {
    for (let band = 0; band < MEL_BANDS; band++) {
      const level = Math.max(SILENCE_DB, frames.levels[frame * MEL_BANDS + band])
      mean[band] += level / frames.count
      square[band] += (level * level) / frames.count
    }
  }
  const overall = mean.reduce((sum, value) => sum + value, 0) / MEL_BANDS
  return [
    ...Array.from(mean, (value) => (value - overall) * VECTOR_SCALE),
    ...Array.from(mean, (value, band) => Math.sqrt(Math.max(0, square[band] - value * value)) * VECTOR_SCALE),
  ]
}

function sortedLevels(levels: readonly number[]): number[] {
  return [...levels].sort((a, b) => a - b)
}

/**
 * How far sound stands out of its noise, 0..1: in time (loud frames against quiet ones), or by tone (a few bands against
 * the rest), whichever says more. Added noise lifts the floor of both.
 *
 * @param frameLevels Level of every frame in a stretch of some seconds, dB.
 */
export function clearnessOf(frameLevels: readonly number[], frames: MelFrames): number {
  if (frames.count === 0 || frameLevels.length === 0) return 0
  const sorted = sortedLevels(frameLevels)
  const at = (share: number): number => Math.max(SILENCE_DB, sorted[Math.round(share * (sorted.length - 1))])
  const loud = at(0.95)
  if (loud <= SILENCE_DB + 5) return 0
  const swing = loud - at(0.1)
  const inTime = Math.min(1, Math.max(0, (swing - 6) / 34))
  const bands = new Float64Array(MEL_BANDS)
  for (let frame = 0; frame < frames.count; frame++) {
    for (let band = 0; band < MEL_BANDS; band++) {
      bands[band] += Math.pow(10, frames.levels[frame * MEL_BANDS + band] / 10) / frames.count
    }
  }
  let logs = 0
  let total = 0
  for (const power of bands) {
    logs += Math.log(power + 1e-12) / MEL_BANDS
    total += (power + 1e-12) / MEL_BANDS
  }
  const byTone = Math.min(1, Math.max(0, (1 - Math.exp(logs) / total - 0.5) / 0.5)) * 0.4
  return Math.max(inTime, byTone)
}

/** A rough voice detector: loud frames whose power lies where voices lie, swinging a few times a second. */
export function speechOf(
  frameLevels: readonly number[],
  frames: MelFrames,
  floorDb: number,
  frameSeconds: number,
): number {
  if (frames.count < 2) return 0
  let voiced = 0
  let swings = 0
  let above = false
  for (let frame = 0; frame < frames.count; frame++) {
    const loud = frameLevels[frame] > Math.max(floorDb + 9, -60)
    if (loud !== above) {
      swings++
      above = loud
    }
    if (!loud) continue
    let voice = 0
    let all = 0
    for (let band = 0; band < MEL_BANDS; band++) {
      const power = Math.pow(10, frames.levels[frame * MEL_BANDS + band] / 10)
      all += power
      if (band >= 2 && band <= 17) voice += power
    }
    if (voice > 0.6 * all) voiced++
  }
  const rate = swings / 2 / (frames.count * frameSeconds)
  const rhythm = Math.min(1, Math.max(0, rate / 0.5))
  return (voiced / frames.count) * rhythm
}
