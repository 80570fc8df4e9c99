/** Path and turning of a device, second by second, from poses or from inertial samples. */
import type { ImuSamples, PosePath } from '../../../shared/geometry/data.ts'
import type { MotionMeasurement } from './measurements.ts'
import { MOST_BINS, rounded } from './measurements.ts'

const DEGREES = 180 / Math.PI

interface Sum {
  path: number
  turn: number
  shake: number
  way: number
  samples: number
}

/** Sums per bin of a second, or longer where the recording is long. */
class Bins {
  readonly #sums = new Map<number, Sum>()
  readonly binSeconds: number

  constructor(spanSeconds: number) {
    this.binSeconds = Math.max(1, spanSeconds / MOST_BINS)
  }

  at(seconds: number): Sum {
    const index = Math.floor(seconds / this.binSeconds)
    let sum = this.#sums.get(index)
    if (!sum) {
      sum = { path: 0, turn: 0, shake: 0, way: 0, samples: 0 }
      this.#sums.set(index, sum)
    }
    return sum
  }

  measurement(): MotionMeasurement {
    const bins = [...this.#sums.entries()]
      .sort(([a], [b]) => a - b)
      .map(([index, sum]) => {
        const [pathMetres, turnDegrees, jitter] = rounded([
          sum.path,
          sum.turn,
          sum.shake + sum.way > 0 ? sum.shake / (sum.shake + sum.way) : 0,
        ])
        return { t: index * this.binSeconds, pathMetres, turnDegrees, jitter, samples: sum.samples }
      })
    return { kind: 'motion', binSeconds: this.binSeconds, bins }
  }
}

function secondsOf(times: BigInt64Array, at: number): number {
  return Number(times[at]) / 1e9
}

/** Of poses: the way, and the angle between neighbours; shake is what a step changes that the next takes back. */
export function measurePoses(path: PosePath): MotionMeasurement {
  const { count, positions: p, rotations: q, timesNanoseconds: times } = path
  const bins = new Bins(count > 1 ? secondsOf(times, count - 1) - secondsOf(times, 0) : 0)
  for (let i = 0; i < count; i++) {
    const bin = bins.at(secondsOf(times, i))
    bin.samples++
    if (i === 0) continue
    const step = Math.hypot(p[3 * i] - p[3 * i - 3], p[3 * i + 1] - p[3 * i - 2], p[3 * i + 2] - p[3 * i - 1])
    const cosine = Math.abs(
      q[4 * i] * q[4 * i - 4] + q[4 * i + 1] * q[4 * i - 3] + q[4 * i + 2] * q[4 * i - 2] + q[4 * i + 3] * q[4 * i - 1],
    )
    bin.path += step
    bin.turn += 2 * Math.acos(Math.min(1, cosine)) * DEGREES
    if (i < 2) continue
    const bend = Math.hypot(
      p[3 * i] - 2 * p[3 * i - 3] + p[3 * i - 6],
      p[3 * i + 1] - 2 * p[3 * i - 2] + p[3 * i - 5],
      p[3 * i + 2] - 2 * p[3 * i - 1] + p[3 * i - 4],
    )
    bin.shake += bend
    bin.way += step
  }
  return bins.measurement()
}

/** Of inertial samples: the turning rate adds up to an angle; there is no way without poses. */
export function measureImu(samples: ImuSamples): MotionMeasurement {
  const { count, accelerations: a, rotationRates: w, timesNanoseconds: times } = samples
  const bins = new Bins(count > 1 ? secondsOf(times, count - 1) - secondsOf(times, 0) : 0)
  const source = w ?? a
  for (let i = 0; i < count; i++) {
    const bin = bins.at(secondsOf(times, i))
    bin.samples++
    if (i === 0) continue
    const gap = secondsOf(times, i) - secondsOf(times, i - 1)
    // A gap of more than a second is a hole, not a turn.
    if (w && gap < 1) bin.turn += Math.hypot(w[3 * i], w[3 * i + 1], w[3 * i + 2]) * gap * DEGREES
    if (i < 2 || !source) continue
    for (let axis = 0; axis < 3; axis++) {
      const [now, last, before] = [source[3 * i + axis], source[3 * i - 3 + axis], source[3 * i - 6 + axis]]
      bin.shake += Math.abs(now - 2 * last + before) / 4
      bin.way += Math.abs(now - before) / 2
    }
  }
  return bins.measurement()
}
