/**
 * Fits the axes on which pictures are compared, from drawings whose licences let the numbers be given away:
 *   node resources/models/fit-picture-axes.ts NOTO TWEMOJI FLUENT
 * Each is the folder of an unpacked npm package: @iconify-json/noto@1.2.9 (Apache-2.0), @iconify-json/twemoji@1.2.5
 * (CC BY 4.0), @iconify-json/fluent-emoji-flat@1.2.6 (MIT). Every third drawing is rendered and encoded; the result holds a
 * mean and principal axes, half whitened, and no picture.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelEntry } from '../../electron/engine/models/catalogue.ts'
import { addCrossProduct, zeros } from '../../shared/stars/algebra/dense.ts'
import { symmetricEigen } from '../../shared/stars/algebra/symmetric-eigen.ts'
import { encodedDrawings } from './encoded-drawings.ts'

const KEEP = 64
/** Mean squared distance of two unlike drawings, in the units of the stars' kernel: exp(-4 / 2) alike. */
const SPREAD = 4

const { channels } = modelEntry('centernet-c5').layer ?? { channels: 0 }
const rows = await encodedDrawings(process.argv.slice(2), 3)
const count = rows.length / channels
const mean = new Float64Array(channels)
rows.forEach((value, i) => {
  mean[i % channels] += value / count
})
const centred = {
  rows: count,
  columns: channels,
  data: Float64Array.from(rows, (value, i) => value - mean[i % channels]),
}
const covariance = zeros(channels, channels)
addCrossProduct(covariance, centred, centred, 1 / count)
const { values, vectors } = symmetricEigen(covariance)
// Each axis is divided by the root of its deviation; what is left of the variance is the sum of the deviations.
const total = Array.from(values.subarray(0, KEEP), (value) => Math.sqrt(value)).reduce((sum, value) => sum + value, 0)
const scale = Math.sqrt(SPREAD / 2 / total)
const axes = Float32Array.from({ length: channels * KEEP }, (_, i) => {
  const axis = i % KEEP
  return (scale * vectors.data[Math.floor(i / KEEP) * channels + axis]) / Math.sqrt(Math.sqrt(values[axis]))
})
const base64 = (numbers: Float32Array): string => Buffer.from(numbers.buffer).toString('base64')
const { id, sha256 } = modelEntry('centernet-c5')
const content = {
  encoder: { id, sha256 },
  pictures: count,
  mean: base64(Float32Array.from(mean)),
  axes: base64(axes),
  kept: KEEP,
}
writeFileSync(join(import.meta.dirname, 'picture-axes.json'), `${JSON.stringify(content, null, 2)}\n`)
