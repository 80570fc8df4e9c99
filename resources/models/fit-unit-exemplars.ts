/**
 * Which drawings of the reference each unit of the network for pictures answers to most, small enough to be shown:
 * `node resources/models/fit-unit-exemplars.ts NOTO TWEMOJI FLUENT`, with the folders of fit-picture-units.ts. The
 * reference is the same; drawings are shown only of those sets whose licences ask for no more than their notice.
 */
import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { modelEntry } from '../../electron/engine/models/catalogue.ts'
import { unitReference } from '../../electron/engine/stars/picture-units.ts'
import { drawn, encodedDrawings, everyNth, readIconSet } from './encoded-drawings.ts'

const EVERY = 12
const EXEMPLARS = 3
const SIDE = 64
/** Sets that may be shown, by a part of their folder's name. */
const SHOWN = { noto: 'Apache-2.0, Google', fluent: 'MIT, Microsoft' }
/** People in five tones are one drawing. */
const baseName = (name: string): string => name.replaceAll(/-(?:light|medium-light|medium|medium-dark|dark)\b/g, '')

const folders = process.argv.slice(2)
const sets = folders.map((folder) => {
  const shown = Object.keys(SHOWN).find(
    (each) => basename(dirname(folder)).includes(each) || basename(folder).includes(each),
  )
  return { set: readIconSet(folder), shown }
})
const { channels } = modelEntry('centernet-c5').layer ?? { channels: 0 }
const rows = await encodedDrawings(folders, EVERY)
const drawings = sets.flatMap(({ set, shown }) => everyNth(set, EVERY).map((name) => ({ set, shown, name })))
const { mean, deviation, reference } = unitReference()
const pictures = new Map<number, { name: string; webp: string }>()
const units: [picture: number, deviations: number][][] = []
for (let unit = 0; unit < channels; unit++) {
  const order = drawings
    .map(({ shown, name }, at) => ({
      at,
      name,
      shown,
      by: (rows[at * channels + unit] - mean[unit]) / deviation[unit],
    }))
    .filter(({ shown, by }) => shown !== undefined && Number.isFinite(by))
    .sort((a, b) => b.by - a.by)
  const chosen: typeof order = []
  for (const each of order)
    if (chosen.length < EXEMPLARS && chosen.every(({ name }) => baseName(name) !== baseName(each.name)))
      chosen.push(each)
  for (const { at, name } of chosen) {
    if (pictures.has(at)) continue
    const webp = await drawn(drawings[at].set, name, SIDE).webp({ quality: 60, effort: 6 }).toBuffer()
    pictures.set(at, { name, webp: webp.toString('base64') })
  }
  units.push(chosen.map(({ at, by }) => [at, Math.round(10 * by) / 10]))
}
const place = new Map([...pictures.keys()].map((at, n) => [at, n]))
const { id, sha256 } = modelEntry('centernet-c5')
const content = {
  encoder: { id, sha256 },
  reference,
  licences: SHOWN,
  pictures: [...pictures.values()],
  units: units.map((chosen) => chosen.map(([at, by]) => `${place.get(at)} ${by}`).join(', ')),
}
writeFileSync(join(import.meta.dirname, 'unit-exemplars.json'), `${JSON.stringify(content, null, 2)}\n`)
