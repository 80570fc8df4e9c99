/** What the sound needs of signal processing: FFT convolution, biquad filters, resampling by windowed sinc. */

/** In-place radix-2 FFT of separate real and imaginary parts; `inverse` divides by the length. */
export function fft(re: Float64Array, im: Float64Array, inverse = false): void {
  const n = re.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[re[i], re[j]] = [re[j], re[i]]
      ;[im[i], im[j]] = [im[j], im[i]]
    }
  }
  for (let size = 2; size <= n; size <<= 1) {
    const half = size >> 1
    const angle = ((inverse ? 2 : -2) * Math.PI) / size
    const cos = Float64Array.from({ length: half }, (_, k) => Math.cos(angle * k))
    const sin = Float64Array.from({ length: half }, (_, k) => Math.sin(angle * k))
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < half; k++) {
        const a = start + k
        const b = a + half
        const x = re[b] * cos[k] - im[b] * sin[k]
        const y = re[b] * sin[k] + im[b] * cos[k]
        re[b] = re[a] - x
        im[b] = im[a] - y
        re[a] += x
        im[a] += y
      }
    }
  }
  if (!inverse) return
  for (let i = 0; i < n; i++) {
    re[i] /= n
    im[i] /= n
  }
}

/** x * h by overlap-add; as long as x. */
export function convolve(x: Float64Array, h: Float64Array): Float64Array {
  let size = 1
  while (size < h.length * 2) size <<= 1
  const block = size - h.length + 1
  const hr = new Float64Array(size)
  const hi = new Float64Array(size)
  hr.set(h)
  fft(hr, hi)
  const out = new Float64Array(x.length)
  for (let at = 0; at < x.length; at += block) {
    const re = new Float64Array(size)
    const im = new Float64Array(size)
    re.set(x.subarray(at, Math.min(x.length, at + block)))
    fft(re, im)
    for (let k = 0; k < size; k++) {
      const r = re[k] * hr[k] - im[k] * hi[k]
      im[k] = re[k] * hi[k] + im[k] * hr[k]
      re[k] = r
    }
    fft(re, im, true)
    const end = Math.min(size, x.length - at)
    for (let k = 0; k < end; k++) out[at + k] += re[k]
  }
  return out
}

/** Second-order filters after the Audio EQ Cookbook (R. Bristow-Johnson). */
export function biquad(
  x: Float64Array,
  kind: 'lowpass' | 'highpass' | 'peak',
  frequency: number,
  sampleRate: number,
  q = 0.707,
  gainDb = 0,
): Float64Array {
  const w = (2 * Math.PI * frequency) / sampleRate
  const c = Math.cos(w)
  const alpha = Math.sin(w) / (2 * q)
  const g = 10 ** (gainDb / 40)
  const [b0, b1, b2, a0, a1, a2] =
    kind === 'lowpass'
      ? [(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha]
      : kind === 'highpass'
        ? [(1 + c) / 2, -1 - c, (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha]
        : [1 + alpha * g, -2 * c, 1 - alpha * g, 1 + alpha / g, -2 * c, 1 - alpha / g]
  const out = new Float64Array(x.length)
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  for (let i = 0; i < x.length; i++) {
    const y = (b0 * x[i] + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
    x2 = x1
    x1 = x[i]
    y2 = y1
    y1 = y
    out[i] = y
  }
  return out
}

const HALF_WIDTH = 24
const TABLE_STEPS = 512

/** Blackman-Harris windowed sinc, tabulated over one side. */
const KERNEL = Float64Array.from({ length: HALF_WIDTH * TABLE_STEPS + 2 }, (_, i) => {
  const x = i / TABLE_STEPS
  if (x >= HALF_WIDTH) return 0
  const p = Math.PI * (1 + x / HALF_WIDTH)
  const window = 0.35875 - 0.48829 * Math.cos(p) + 0.14128 * Math.cos(2 * p) - 0.01168 * Math.cos(3 * p)
  return (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * window
})

/** The value of a band-limited signal between its samples. */
function valueAt(x: Float64Array, position: number): number {
  const centre = Math.floor(position)
  let sum = 0
  for (let k = centre - HALF_WIDTH + 1; k <= centre + HALF_WIDTH; k++) {
    if (k < 0 || k >= x.length) continue
    const d = Math.abs(position - k) * TABLE_STEPS
    const i = Math.floor(d)
    sum += x[k] * (KERNEL[i] + (KERNEL[i + 1] - KERNEL[i]) * (d - i))
  }
  return sum
}

/** Sampled again at from + i * step, in samples of x. */
export function resample(x: Float64Array, from: number, step: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => valueAt(x, from + i * step))
}
