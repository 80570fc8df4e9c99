/**
 * Fits the axes on which sounds are compared, from made-up sounds alone (made-up-sounds.ts; needs espeak-ng and ffmpeg):
 *   node resources/models/fit-sound-axes.ts
 * Each sound is heard through five made-up rooms and microphones. The axes are those along which sounds differ most, measured
 * in what one sound differs by from room to room: linear discriminants whose classes are the sounds (Fisher 1936), each
 * weighted by how much of it is the sound. The result holds a mean and axes, and no sound.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { melLevels } from '../../electron/engine/stars/mel-levels.ts'
import { loadFft } from '../../shared/signal/fft.ts'
import type { Matrix } from '../../shared/stars/algebra/dense.ts'
import { addCrossProduct, multiply, zeros } from '../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { symmetricEigen } from '../../shared/stars/algebra/symmetric-eigen.ts'
import {
  EMBEDDED_FRAMES,
  SOUND_FEATURES,
  SOUND_RECIPE,
  soundFeatures,
} from '../../shared/stars/estimate/sound-embedding.ts'
import { MEL_BANDS, soundVector } from '../../shared/stars/estimate/sound-measure.ts'
import { heardElsewhere } from './made-up-rooms.ts'
import { madeUpSounds } from './made-up-sounds.ts'

const SOUNDS = 1000
const ROOMS = 5
const KEEP = 64
/** Added to what differs within a sound, as a share of its mean: few sounds know little of directions that hardly move. */
const RIDGE = 0.03
const SECONDS = 2

const plans = await loadFft()
const { signal } = new AbortController()

/** Means over whole seconds of what is measured in each of them. */
function measured(samples: Float32Array, measure: (levels: Float32Array) => ArrayLike<number>): Float64Array {
  const { levels } = melLevels(samples, plans, signal)
  const size = EMBEDDED_FRAMES * MEL_BANDS
  const parts = Array.from({ length: SECONDS }, (_, at) => measure(levels.subarray(at * size, (at + 1) * size)))
  return Float64Array.from(parts[0], (_, i) => parts.reduce((sum, part) => sum + part[i] / SECONDS, 0))
}

const count = EMBEDDED_FRAMES
const features = (levels: Float32Array): Float64Array => soundFeatures({ count, levels })
const statistics = (levels: Float32Array): number[] => soundVector({ count, levels })

/** Rows of all sounds, ROOMS together; and the statistics of each sound as it was made. */
const random = randomStream(78)
const heard: Float64Array[] = []
const plain: Float64Array[] = []
for (const sound of madeUpSounds(SOUNDS, 77)) {
  plain.push(measured(Float32Array.from(sound), statistics))
  for (let room = 0; room < ROOMS; room++) heard.push(measured(heardElsewhere(sound, random, plans), features))
}
plans.close()

function meanOf(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows[0], (_, i) => rows.reduce((sum, row) => sum + row[i] / rows.length, 0))
}

function lessCentre(rows: readonly Float64Array[], centreOf: (row: number) => Float64Array): Matrix {
  const columns = rows[0].length
  const data = new Float64Array(rows.length * columns)
  rows.forEach((row, at) => {
    const centre = centreOf(at)
    for (let i = 0; i < columns; i++) data[at * columns + i] = row[i] - centre[i]
  })
  return { rows: rows.length, columns, data }
}

function scatterOf(centred: Matrix): Matrix {
  const scatter = zeros(centred.columns, centred.columns)
  addCrossProduct(scatter, centred, centred, 1 / centred.rows)
  return scatter
}

function trace({ rows, data }: Matrix): number {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += data[i * rows + i]
  return sum
}

/** Columns times factors of their own. */
function scaled({ rows, columns, data }: Matrix, factorOf: (column: number) => number): Matrix {
  return { rows, columns, data: data.map((value, at) => value * factorOf(at % columns)) }
}

const mean = meanOf(heard)
const centres = Array.from({ length: SOUNDS }, (_, at) => meanOf(heard.slice(at * ROOMS, (at + 1) * ROOMS)))
// In units of what rooms do, then along what sounds differ by most.
const rooms = scatterOf(lessCentre(heard, (row) => centres[Math.floor(row / ROOMS)]))
const ridge = (RIDGE * trace(rooms)) / SOUND_FEATURES
const byRooms = symmetricEigen(rooms)
const whiten = scaled(byRooms.vectors, (axis) => 1 / Math.sqrt(Math.max(0, byRooms.values[axis]) + ridge))
const { values, vectors } = symmetricEigen(
  scatterOf(
    multiply(
      lessCentre(centres, () => mean),
      whiten,
    ),
  ),
)
const shareOfSound = (axis: number): number => values[axis] / (1 + values[axis])
// Unlike sounds lie as far apart as by the statistics of their bands, which make the other half of the distance.
const wanted = trace(scatterOf(lessCentre(plain, () => meanOf(plain))))
let spread = 0
for (let axis = 0; axis < KEEP; axis++) spread += values[axis] * shareOfSound(axis)
const scale = Math.sqrt(wanted / spread)
const all = scaled(multiply(whiten, vectors), (axis) => scale * Math.sqrt(Math.max(0, shareOfSound(axis))))
const axes = all.data.filter((_, at) => at % SOUND_FEATURES < KEEP)
process.stdout.write(
  `${SOUNDS} sounds; of the first axis ${shareOfSound(0).toFixed(3)} is the sound, of the last ${shareOfSound(KEEP - 1).toFixed(3)}; spread ${wanted.toFixed(2)}\n`,
)
const base64 = (numbers: Float64Array): string => Buffer.from(Float32Array.from(numbers).buffer).toString('base64')
const content = {
  encoder: { id: SOUND_RECIPE },
  sounds: SOUNDS,
  mean: base64(mean),
  axes: base64(axes),
  kept: KEEP,
}
writeFileSync(join(import.meta.dirname, 'sound-axes.json'), `${JSON.stringify(content, null, 2)}\n`)
