/**
 * Where the samples of a microphone lie on the window's clock. Samples come in pieces; a piece is noted when it arrives,
 * which is never before it was heard and often later. The earliest arrivals of each second lie on a line: its height
 * says when the first sample was taken, its slope how much the two clocks drift.
 */

export interface CaptureClock {
  /** When sample 0 was taken, on the window's clock. */
  readonly startSeconds: number
  /** By how much a second of samples is longer than one of the window: `t = start + (1 + rate * 1e-6) * n / sampleRate`. */
  readonly ratePpm: number
  readonly sigmaStartSeconds: number
  readonly sigmaRatePpm: number
}

/** Sound devices keep their nominal rate to about this; it holds the slope of short recordings. */
const USUAL_RATE_PPM = 60
/** By how much even the earliest arrival of a second is late: what a page that is not busy waits for a message. */
const ARRIVAL_SIGMA_SECONDS = 0.003
const BIN_SECONDS = 1

/** The earliest arrivals, one a second: what is kept of them does not grow with every piece. */
export class CaptureClockFit {
  readonly #sampleRateHz: number
  readonly #earliest = new Map<number, Point>()

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz
  }

  /**
   * @param frames samples that have come by now, those of the piece that has just arrived included
   * @param seconds when it arrived, on the window's clock
   */
  note(frames: number, seconds: number): void {
    const at = frames / this.#sampleRateHz
    const bin = Math.floor(at / BIN_SECONDS)
    const late = seconds - at
    if (late < (this.#earliest.get(bin)?.late ?? Infinity)) this.#earliest.set(bin, { at, late })
  }

  /**
   * The clock as well as it is known by now; null before anything arrived.
   *
   * @param latencySeconds from the microphone to the moment a piece is handed out, as the device says
   * @param sigmaLatencySeconds how sure that is
   */
  clock(latencySeconds: number, sigmaLatencySeconds: number): CaptureClock | null {
    const points = [...this.#earliest.values()]
    if (points.length === 0) return null
    // A page that was busy for a second was late with all of it: the half that is late the most says nothing.
    const roughly = lineThrough(points)
    const lateness = points.map((point) => point.late - roughly.at(point.at))
    const middle = [...lateness].sort((a, b) => a - b)[Math.floor((points.length - 1) / 2)]!
    const { slope, meanAt, meanLate, spread, at: lineAt } = lineThrough(points.filter((_, n) => lateness[n]! <= middle))
    const scatter = mean(
      points.filter((_, n) => lateness[n]! <= middle).map(({ at, late }) => (late - lineAt(at)) ** 2),
    )
    // All may be late by as much, so that many of them say no more of it than one.
    const variance = ARRIVAL_SIGMA_SECONDS ** 2 + scatter
    const varianceOfSlope = variance / spread
    const varianceOfStart = variance + meanAt ** 2 * varianceOfSlope
    return {
      startSeconds: meanLate - slope * meanAt - latencySeconds,
      ratePpm: slope * 1e6,
      sigmaStartSeconds: Math.hypot(Math.sqrt(varianceOfStart), sigmaLatencySeconds),
      sigmaRatePpm: Math.sqrt(varianceOfSlope) * 1e6,
    }
  }
}

interface Point {
  readonly at: number
  readonly late: number
}

/** The line of least squares, its slope held by what sound devices usually keep to. */
function lineThrough(points: readonly Point[]) {
  const meanAt = mean(points.map((point) => point.at))
  const meanLate = mean(points.map((point) => point.late))
  const prior = (ARRIVAL_SIGMA_SECONDS / (USUAL_RATE_PPM * 1e-6)) ** 2
  const spread = points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0) + prior
  const slope = points.reduce((sum, { at, late }) => sum + (at - meanAt) * (late - meanLate), 0) / spread
  return { slope, meanAt, meanLate, spread, at: (at: number): number => meanLate + slope * (at - meanAt) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** When a sample was taken, on the window's clock, seconds. */
export function capturedAt(clock: CaptureClock, frame: number, sampleRateHz: number): number {
  return clock.startSeconds + (1 + clock.ratePpm * 1e-6) * (frame / sampleRateHz)
}
