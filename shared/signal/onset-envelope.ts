/**
 * What stays of a sound whichever room, microphone and gain it went through: when its bands grow loud and soft.
 * Log-spaced bands, energy compressed against the band's own floor, slow changes taken away, unit variance.
 */
import { throwIfCancelled } from '../errors.ts'
import type { FftPlans } from './fft.ts'
import { fftSizeFor } from './fft.ts'
import type { SoundSamples } from './sound-samples.ts'

/** Envelopes of a few bands at one frame rate. */
export interface OnsetEnvelope {
  readonly frameSeconds: number
  readonly frameCount: number
  /** One array a band, zero mean over about a second, about unit variance, clipped at 3.5. */
  readonly bands: readonly Float32Array[]
  /** Mean square over the bands, one a frame: how much a frame can weigh. */
  readonly activity: Float32Array
  /** Share of frames that are not digital silence. */
  readonly soundShare: number
}

const ENVELOPE_FRAME_SECONDS = 0.02
const BAND_COUNT = 10
const LOWEST_HZ = 180
const HIGHEST_HZ = 7000
/** Half width of the running mean that is taken away. */
const BASELINE_SECONDS = 0.5
const CLIP = 3.5
/** Frames that are read at once. */
const BLOCK_FRAMES = 512

export function onsetEnvelope(
  plans: FftPlans,
  samples: SoundSamples,
  sampleRateHz: number,
  signal?: AbortSignal,
): OnsetEnvelope {
  const hop = ENVELOPE_FRAME_SECONDS * sampleRateHz
  const size = fftSizeFor(Math.round(sampleRateHz * 0.03))
  const frameCount = Math.max(0, Math.floor((samples.length - size) / hop) + 1)
  const bands = Array.from({ length: BAND_COUNT }, () => new Float32Array(frameCount))
  const edges = bandEdges(size, sampleRateHz)
  const window = Float32Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / size),
  )
  const fft = plans.real(size)
  const input = fft.input
  const output = fft.output
  const block = new Float32Array(Math.ceil(BLOCK_FRAMES * hop) + size)
  let blockStart = 0
  let withSound = 0
  for (let frame = 0; frame < frameCount; frame++) {
    if (frame % BLOCK_FRAMES === 0) {
      throwIfCancelled(signal)
      blockStart = Math.round(frame * hop)
      samples.read(blockStart, block)
    }
    const start = Math.round(frame * hop) - blockStart
    for (let index = 0; index < size; index++) input[index] = block[start + index] * window[index]
    fft.forward()
    let total = energies(output, edges, bands, frame)
    if (!Number.isFinite(total)) {
      for (let index = 0; index < size; index++) if (!Number.isFinite(input[index])) input[index] = 0
      fft.forward()
      total = energies(output, edges, bands, frame)
    }
    if (total > 0) withSound++
  }
  const activity = new Float32Array(frameCount)
  for (const band of bands) {
    compress(band)
    takeAwayBaseline(band, Math.round(BASELINE_SECONDS / ENVELOPE_FRAME_SECONDS))
    normalise(band)
    for (let frame = 0; frame < frameCount; frame++) activity[frame] += (band[frame] * band[frame]) / BAND_COUNT
  }
  return {
    frameSeconds: hop / sampleRateHz,
    frameCount,
    bands,
    activity,
    soundShare: frameCount === 0 ? 0 : withSound / frameCount,
  }
}

/** Writes the energy of every band of one spectrum; returns their sum. */
function energies(
  spectrum: Float32Array,
  edges: readonly number[],
  bands: readonly Float32Array[],
  frame: number,
): number {
  let total = 0
  for (let band = 0; band < bands.length; band++) {
    let energy = 0
    for (let at = edges[band] * 2, end = edges[band + 1] * 2; at < end; at++) energy += spectrum[at] * spectrum[at]
    bands[band][frame] = energy
    total += energy
  }
  return total
}

function bandEdges(size: number, sampleRateHz: number): number[] {
  const highest = Math.min(HIGHEST_HZ, sampleRateHz * 0.46)
  const edges: number[] = []
  for (let band = 0; band <= BAND_COUNT; band++) {
    const hz = LOWEST_HZ * (highest / LOWEST_HZ) ** (band / BAND_COUNT)
    const bin = Math.round((hz * size) / sampleRateHz)
    edges.push(Math.max(band === 0 ? 1 : edges[band - 1] + 1, bin))
  }
  return edges
}

/** log(energy + floor); the floor is a share of the band's mean, so that noise below it does not speak. */
function compress(band: Float32Array): void {
  let mean = 0
  for (const energy of band) mean += energy
  mean /= Math.max(1, band.length)
  if (mean === 0) return
  const floor = mean * 0.1
  for (let frame = 0; frame < band.length; frame++) band[frame] = Math.log(band[frame] + floor)
}

function takeAwayBaseline(band: Float32Array, half: number): void {
  const sums = new Float64Array(band.length + 1)
  for (let frame = 0; frame < band.length; frame++) sums[frame + 1] = sums[frame] + band[frame]
  for (let frame = 0; frame < band.length; frame++) {
    const from = Math.max(0, frame - half)
    const to = Math.min(band.length, frame + half + 1)
    band[frame] -= (sums[to] - sums[from]) / (to - from)
  }
}

function normalise(band: Float32Array): void {
  let power = 0
  for (const value of band) power += value * value
  const deviation = Math.sqrt(power / Math.max(1, band.length))
  // Rounding alone leaves about 1e-6 of a constant band: that is silence, not sound.
  const scale = deviation > 1e-5 ? 1 / deviation : 0
  for (let frame = 0; frame < band.length; frame++) {
    band[frame] = Math.max(-CLIP, Math.min(CLIP, band[frame] * scale))
  }
}
