/** Checks of time: where the decoded sound of each file and the lamp in each picture really lie against truth.json. */
import { execFileSync } from 'node:child_process'
import { SAMPLE_RATE } from './sound.ts'
import { biquad, fft, resample } from './signal.ts'
import { TOOLS } from './tools.ts'

const MAX_BYTES = 1 << 28

/** Sound as a player presents it: edit lists applied, from presentation time 0. */
function decodeSound(path: string): Float64Array {
  const args = ['-v', 'error', '-i', path, '-vn', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 'f32le', '-']
  const bytes = execFileSync(TOOLS.ffmpeg, args, { maxBuffer: MAX_BYTES })
  return Float64Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatLE(i * 4))
}

/** Where b lies in a, in samples, by the phase transform (Knapp and Carter, 1976), peak by a parabola. */
function lagOf(a: Float64Array, b: Float64Array): { lag: number; peak: number } {
  const n = 1 << Math.ceil(Math.log2(a.length * 2))
  const ar = new Float64Array(n)
  const ai = new Float64Array(n)
  const br = new Float64Array(n)
  const bi = new Float64Array(n)
  ar.set(a)
  br.set(b)
  fft(ar, ai)
  fft(br, bi)
  const low = Math.round((250 * n) / SAMPLE_RATE)
  const high = Math.round((5000 * n) / SAMPLE_RATE)
  for (let k = 0; k < n; k++) {
    const f = Math.min(k, n - k)
    const re = ar[k] * br[k] + ai[k] * bi[k]
    const im = ai[k] * br[k] - ar[k] * bi[k]
    const m = f >= low && f <= high ? 1 / (Math.hypot(re, im) + 1e-12) : 0
    ar[k] = re * m
    ai[k] = im * m
  }
  fft(ar, ai, true)
  let best = 0
  for (let k = -4800; k <= 4800; k++) if (ar[(k + n) % n] > ar[(best + n) % n]) best = k
  const at = (k: number): number => ar[(k + n) % n]
  const bend = at(best - 1) - 2 * at(best) + at(best + 1)
  const peak = at(best) / ((2 * (high - low)) / n)
  return { lag: best + (bend === 0 ? 0 : (0.5 * (at(best - 1) - at(best + 1))) / bend), peak }
}

export interface TimeTruth {
  readonly offset_s: number
  readonly rate_ppm: number
  readonly duration_s: number
}

/** Residual lags in ms of a file against camera A, window by window, after truth is applied. */
export function soundResiduals(
  reference: string,
  path: string,
  truth: TimeTruth,
): { at: number; ms: number; peak: number }[] {
  const a = decodeSound(reference)
  const b = decodeSound(path)
  const out: { at: number; ms: number; peak: number }[] = []
  const window = 4 * SAMPLE_RATE
  const rate = 1 + truth.rate_ppm * 1e-6
  for (
    let t = Math.max(0, truth.offset_s);
    t + 4 < Math.min(a.length / SAMPLE_RATE, truth.offset_s + truth.duration_s);
    t += 2
  ) {
    const from = ((t - truth.offset_s) / rate) * SAMPLE_RATE
    const there = biquad(resample(b, from, 1 / rate, window), 'highpass', 150, SAMPLE_RATE)
    const start = Math.round(t * SAMPLE_RATE)
    const here = biquad(a.subarray(start, start + window), 'highpass', 150, SAMPLE_RATE)
    const { lag, peak } = lagOf(here, there)
    out.push({ at: t, ms: ((lag + start - t * SAMPLE_RATE) / SAMPLE_RATE) * 1000, peak })
  }
  return out
}

/** Presentation start of each stream, seconds. */
export function startTimes(path: string): string {
  const args = [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name,start_time,duration,nb_frames',
    '-of',
    'csv=p=0',
    path,
  ]
  return execFileSync(TOOLS.ffprobe, args).toString().trim().replace(/\n/g, ' | ')
}

/** The presentation time at which the picture's middle brightness step between `from` and `to` is passed. */
export function brightnessStep(path: string, from: number, to: number): number {
  const args = [
    '-v',
    'error',
    '-ss',
    String(from),
    '-t',
    String(to - from),
    '-i',
    path,
    '-an',
    '-vf',
    'scale=32:18,format=gray',
    '-f',
    'rawvideo',
    '-',
  ]
  const bytes = execFileSync(TOOLS.ffmpeg, args, { maxBuffer: MAX_BYTES })
  const probe = execFileSync(TOOLS.ffprobe, [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=r_frame_rate',
    '-of',
    'csv=p=0',
    path,
  ])
  const [over, under] = probe.toString().trim().split('/').map(Number)
  const size = 32 * 18
  const level = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => {
    let sum = 0
    for (let k = 0; k < size; k++) sum += bytes[i * size + k]
    return sum / size
  })
  let best = 1
  for (let i = 1; i < level.length; i++) if (level[i] - level[i - 1] > level[best] - level[best - 1]) best = i
  const first = Math.ceil((from * over) / under - 1e-6)
  return ((first + best - 0.5) * under) / over
}
