/**
 * How strongly each unit of the network for pictures answers to drawings, so that what a recording excites can be called
 * rare or common: `node resources/models/fit-picture-units.ts NOTO TWEMOJI FLUENT`, with the folders of fit-picture-axes.ts.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelEntry } from '../../electron/engine/models/catalogue.ts'
import { UNIT_SHARES } from '../../electron/engine/stars/picture-units.ts'
import { encodedDrawings } from './encoded-drawings.ts'

const { channels } = modelEntry('centernet-c5').layer ?? { channels: 0 }
const rows = await encodedDrawings(process.argv.slice(2), 12)
const pictures = rows.length / channels
const mean = new Float32Array(channels)
const deviation = new Float32Array(channels)
const quantiles = new Float32Array(channels * UNIT_SHARES.length)
for (let unit = 0; unit < channels; unit++) {
  const values = Float64Array.from({ length: pictures }, (_, at) => rows[at * channels + unit]).sort()
  mean[unit] = values.reduce((sum, value) => sum + value, 0) / pictures
  deviation[unit] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[unit]) ** 2, 0) / pictures)
  UNIT_SHARES.forEach((share, at) => {
    quantiles[unit * UNIT_SHARES.length + at] = values[Math.min(pictures - 1, Math.floor(share * pictures))]
  })
}
const base64 = (numbers: Float32Array): string => Buffer.from(numbers.buffer).toString('base64')
const { id, sha256 } = modelEntry('centernet-c5')
const content = {
  encoder: { id, sha256 },
  reference: 'drawings of noto, twemoji and fluent-emoji-flat',
  pictures,
  mean: base64(mean),
  deviation: base64(deviation),
  quantiles: base64(quantiles),
}
writeFileSync(join(import.meta.dirname, 'picture-units.json'), `${JSON.stringify(content, null, 2)}\n`)
