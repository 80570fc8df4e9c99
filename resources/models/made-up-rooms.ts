/** Rooms and microphones that are made up: a response, an echo, a level, a little noise, sometimes too loud. */
import type { FftPlans } from '../../shared/signal/fft.ts'
import type { RandomStream } from '../../shared/stars/algebra/random.ts'
import { between, SOUND_HZ } from './made-up-sounds.ts'

const SIZE = 65_536
/** Places along the spectrum at which a microphone's response is drawn. */
const KNOTS = 7

/** Response of a microphone at `share` of half the rate, dB: a wandering line, often without the top. */
function drawResponse(random: RandomStream): (share: number) => number {
  const knots: number[] = []
  let level = 0
  for (let knot = 0; knot < KNOTS; knot++) knots.push((level += 3 * random.normal()))
  const top = random.next() < 0.6 ? between(random, 0.35, 1) : 2
  const bottom = between(random, 0, 0.04)
  return (share) => {
    const at = Math.min(KNOTS - 1.001, share * (KNOTS - 1))
    const [first, rest] = [Math.floor(at), at % 1]
    const line = knots[first] * (1 - rest) + knots[first + 1] * rest
    const fall = (distance: number): number => Math.min(1, Math.max(0, distance))
    return line - 60 * fall((share - top) / 0.1) - 30 * fall((bottom - share) / 0.02)
  }
}

/** The echo of a room, its first sample the sound itself. */
function drawEcho(random: RandomStream): Float64Array {
  const length = Math.floor(between(random, 0.03, 0.5) * SOUND_HZ)
  const [fade, loudness] = [between(random, 4, 9), between(random, 0, 0.2)]
  const echo = Float64Array.from({ length }, (_, i) => loudness * random.normal() * Math.exp((-fade * i) / length))
  echo[0] = 1
  return echo
}

/** Sound convolved with an echo, its spectrum bent. */
function through(
  sound: Float64Array,
  echo: Float64Array,
  response: (share: number) => number,
  plans: FftPlans,
): Float64Array {
  const fft = plans.real(SIZE)
  fft.input.fill(0)
  fft.input.set(echo)
  const room = Float32Array.from(fft.forward())
  fft.input.fill(0)
  fft.input.set(sound)
  const spectrum = Float32Array.from(fft.forward())
  const { input } = fft
  input[0] = 0
  input[1] = 0
  for (let bin = 1; bin < SIZE / 2; bin++) {
    const gain = 10 ** (response(bin / (SIZE / 2)) / 20)
    const [re, im] = [spectrum[2 * bin] * gain, spectrum[2 * bin + 1] * gain]
    input[2 * bin] = re * room[2 * bin] - im * room[2 * bin + 1]
    input[2 * bin + 1] = re * room[2 * bin + 1] + im * room[2 * bin]
  }
  return Float64Array.from(fft.inverse().subarray(0, sound.length))
}

/** The sound as a microphone in a room would have it; another one every time. */
export function heardElsewhere(sound: Float64Array, random: RandomStream, plans: FftPlans): Float32Array {
  const echo = random.next() < 0.6 ? drawEcho(random) : Float64Array.of(1)
  const heard = through(sound, echo, drawResponse(random), plans)
  const peak = heard.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  const isLoud = random.next() < 0.2
  const level = 10 ** (between(random, -25, 0) / 20)
  let square = 0
  for (let i = 0; i < heard.length; i++) {
    const value = heard[i] / peak
    heard[i] = level * (isLoud ? Math.tanh(2 * value) / Math.tanh(2) : value)
    square += heard[i] ** 2 / heard.length
  }
  const colour = between(random, 0, 0.95)
  const hiss = Math.sqrt(square) * 10 ** (-between(random, 8, 40) / 20) * Math.sqrt(1 - colour * colour)
  let last = 0
  return Float32Array.from(heard, (value) => value + hiss * (last = colour * last + random.normal()))
}
