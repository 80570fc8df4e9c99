/**
 * Fits the axes on which pictures are compared, from drawings whose licences let the numbers be given away:
 *   node resources/models/fit-picture-axes.ts NOTO TWEMOJI FLUENT
 * Each is the folder of an unpacked npm package: @iconify-json/noto@1.2.9 (Apache-2.0), @iconify-json/twemoji@1.2.5
 * (CC BY 4.0), @iconify-json/fluent-emoji-flat@1.2.6 (MIT). Every third drawing is rendered and encoded; the result holds a
 * mean and principal axes, half whitened, and no picture.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { modelEntry } from '../../electron/engine/models/catalogue.ts'
import { Encoders, PICTURE_ENCODER_SIDE } from '../../electron/engine/models/encoders.ts'
import { addCrossProduct, zeros } from '../../shared/stars/algebra/dense.ts'
import { symmetricEigen } from '../../shared/stars/algebra/symmetric-eigen.ts'

const KEEP = 64
const STEP = 3
const BATCH = 16
/** Mean squared distance of two unlike drawings, in the units of the stars' kernel: exp(-4 / 2) alike. */
const SPREAD = 4

interface IconSet {
  readonly width?: number
  readonly height?: number
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>
}

const SIDE = PICTURE_ENCODER_SIDE
const { channels } = modelEntry('centernet-c5').layer ?? { channels: 0 }

async function render(set: IconSet, name: string): Promise<Uint8Array> {
  const icon = set.icons[name]
  const width = icon.width ?? set.width ?? 16
  const height = icon.height ?? set.height ?? 16
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`
  return sharp(Buffer.from(svg)).resize(SIDE, SIDE).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer()
}

const encoders = new Encoders(new AbortController().signal)
const rows: number[] = []
for (const folder of process.argv.slice(2)) {
  const set = JSON.parse(readFileSync(join(folder, 'icons.json'), 'utf8')) as IconSet
  const names = Object.keys(set.icons).filter((_, at) => at % STEP === 0)
  for (let at = 0; at < names.length; at += BATCH) {
    const pictures = await Promise.all(names.slice(at, at + BATCH).map((name) => render(set, name)))
    rows.push(...(await encoders.pictures(Buffer.concat(pictures))))
  }
  process.stderr.write(`${folder}: ${rows.length / channels} pictures\n`)
}
await encoders.close()
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
