/**
 * Originality: which of a thousand works is found again when a copy of it was edited, at a threshold at which none of a
 * thousand unrelated works is taken for it. Scenes, tunes and rooms are made from seeds; the matchers were set on others.
 */
import { chromaprint } from '../../electron/engine/originality/chromaprint.ts'
import { printSamples } from '../../electron/engine/originality/sound-print.ts'
import { FilmPrinter, type FilmPrint } from '../../electron/engine/originality/video-print.ts'
import { matchAudio } from '../../shared/originality/match-audio.ts'
import { matchVideo } from '../../shared/originality/match-video.ts'
import { matchShape, shapeDescriptor } from '../../shared/originality/shape.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { rescanned, room, scene, SIDE, sped, tune, type SceneEdit } from '../fixtures/originality/scenes.ts'

const UNRELATED = 1000
const COPIED = 10
const FILM_SECONDS = 6
const TUNE_SECONDS = 20
const POINTS = 20_000
const FIRST_SEED = 500_000

function film(seed: number, edit: SceneEdit = {}): FilmPrint {
  const printer = new FilmPrinter()
  const draw = scene(seed)
  const seconds = (FILM_SECONDS - (edit.trimSeconds ?? 0)) / (edit.rate ?? 1)
  for (let at = 0; at < seconds; at += 0.25) printer.add(at, draw(at, edit), SIDE)
  return printer.finish()
}

const FILM_EDITS: Readonly<Record<string, SceneEdit>> = {
  'the same': {},
  'cropped by 12 %': { crop: 0.88 },
  mirrored: { mirror: true },
  'faster, 1.1': { rate: 1.1 },
  'slower, 0.9': { rate: 0.9 },
  'caption burnt in': { caption: true },
  noise: { noise: 20 },
  'trimmed by 2 s': { trimSeconds: 2 },
  'mirrored, cropped, noise': { mirror: true, crop: 0.92, noise: 10 },
}

function noisy(samples: Float32Array, level: number): Float32Array {
  const random = seededRandom(9)
  return samples.map((value) => value + level * random.gaussian())
}

const TUNE_EDITS: Readonly<Record<string, (samples: Float32Array) => Float32Array>> = {
  'the same': (samples) => samples,
  'noise, 20 dB below': (samples) => noisy(samples, 0.012),
  'trimmed to 10 s': (samples) => samples.slice(5.3 * 11_025, 15.3 * 11_025),
  'faster, 1.1': (samples) => sped(samples, 1.1),
  // Between the supposed speeds, where it is hardest.
  'faster, 1.0725': (samples) => sped(samples, 1.0725),
  'slower, 0.9375': (samples) => sped(samples, 0.9375),
  'slower, 0.9': (samples) => sped(samples, 0.9),
}

const SCAN_EDITS: Readonly<Record<string, readonly [keep: number, noiseMetres: number]>> = {
  'turned and scaled': [1, 0],
  'decimated to 20 %': [0.2, 0],
  'decimated to 5 %': [0.05, 0],
  'noise of 20 mm': [1, 0.02],
}

function percent(found: number): string {
  return `${((100 * found) / COPIED).toFixed(0).padStart(3)} %`
}

export async function run(print: (line: string) => void): Promise<void> {
  const seeds = Array.from({ length: UNRELATED }, (_, n) => FIRST_SEED + n)
  const report = (what: string, found: number, wrong: number): void =>
    print(`originality: ${what.padEnd(38)} found ${percent(found)}, ${wrong} false among ${UNRELATED} unrelated`)

  const library = seeds.map((seed) => film(seed).print)
  for (const [name, edit] of Object.entries(FILM_EDITS)) {
    let found = 0
    let wrong = 0
    for (let n = 0; n < COPIED; n++) {
      const { query } = film(seeds[n], edit)
      library.forEach((other, at) => {
        if (matchVideo(query, other) === null) return
        if (at === n) found += 1
        else wrong += 1
      })
    }
    report(`film ${name}`, found, wrong)
  }

  const tunes = []
  for (const seed of seeds) tunes.push(await chromaprint(tune(seed, TUNE_SECONDS), 11_025))
  for (const [name, edit] of Object.entries(TUNE_EDITS)) {
    let found = 0
    let wrong = 0
    for (let n = 0; n < COPIED; n++) {
      const { variants } = await printSamples(edit(tune(seeds[n], TUNE_SECONDS)))
      tunes.forEach((other, at) => {
        if (matchAudio(variants, other) === null) return
        if (at === n) found += 1
        else wrong += 1
      })
    }
    report(`sound ${name}`, found, wrong)
  }

  const shapeOf = (positions: Float32Array): Float32Array => {
    const shape = shapeDescriptor({ kind: 'points', points: { count: positions.length / 3, positions } })
    if (shape === null) throw new Error('a room without a shape')
    return shape
  }
  const shapes = seeds.map((seed) => shapeOf(room(seed, POINTS)))
  for (const [name, [keep, noise]] of Object.entries(SCAN_EDITS)) {
    let found = 0
    let wrong = 0
    for (let n = 0; n < COPIED; n++) {
      const copy = shapeOf(rescanned(room(seeds[n], POINTS), n, keep, noise))
      shapes.forEach((other, at) => {
        if (matchShape(copy, other) === null) return
        if (at === n) found += 1
        else wrong += 1
      })
    }
    report(`scan ${name}`, found, wrong)
  }
}
