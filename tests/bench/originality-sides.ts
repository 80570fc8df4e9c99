/** The sides of originality as the bench tries them: works that are made from seeds, copies that were edited, the matchers. */
import { spawnSync } from 'node:child_process'
import { chromaprint } from '../../electron/engine/originality/chromaprint.ts'
import { printSamples } from '../../electron/engine/originality/sound-print.ts'
import { FilmPrinter, type FilmPrint } from '../../electron/engine/originality/video-print.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { matchAudio } from '../../shared/originality/match-audio.ts'
import { matchVideo } from '../../shared/originality/match-video.ts'
import { matchShape, shapeDescriptor } from '../../shared/originality/shape.ts'
import { rescanned, room, scene, SIDE, sped, tune, type SceneEdit } from '../fixtures/originality/scenes.ts'

export interface OriginalitySide {
  readonly edits: readonly string[]
  /** Of a work as it stands in the library. */
  print(seed: number): Promise<unknown>
  /** Of an edited copy: whether it is taken for a work of the library. */
  matcher(seed: number, edit: string): Promise<(print: never) => boolean>
}

const FILM_SECONDS = 6
const FRAMES_PER_SECOND = 4
const TUNE_SECONDS = 20
const POINTS = 20_000

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
const ENCODED_AGAIN = 'encoded again (H.264, CRF 40)'

function frames(seed: number, edit: SceneEdit): Uint8Array[] {
  const draw = scene(seed)
  const seconds = (FILM_SECONDS - (edit.trimSeconds ?? 0)) / (edit.rate ?? 1)
  return Array.from({ length: Math.ceil(seconds * FRAMES_PER_SECOND) }, (_, n) => draw(n / FRAMES_PER_SECOND, edit))
}

/** Through an encoder that has few bits, and back. */
function encodedAgain(pictures: readonly Uint8Array[]): Uint8Array[] {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${SIDE}x${SIDE}`, '-r', String(FRAMES_PER_SECOND)]
  const ffmpeg = (args: readonly string[], input: Uint8Array): Buffer => {
    const { status, stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...args, 'pipe:1'], {
      input,
      maxBuffer: 1 << 28,
    })
    if (status !== 0) throw new Error(`ffmpeg: ${stderr.toString()}`)
    return stdout
  }
  const encoded = ffmpeg(
    [...raw, '-i', 'pipe:0', '-c:v', 'libx264', '-crf', '40', '-f', 'matroska'],
    Buffer.concat(pictures),
  )
  const decoded = ffmpeg(['-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'gray'], encoded)
  return pictures.map((_, n) => decoded.subarray(n * SIDE * SIDE, (n + 1) * SIDE * SIDE))
}

function filmPrint(pictures: readonly Uint8Array[]): FilmPrint {
  const printer = new FilmPrinter()
  pictures.forEach((picture, n) => printer.add(n / FRAMES_PER_SECOND, picture, SIDE))
  return printer.finish()
}

function noisy(samples: Float32Array, level: number): Float32Array {
  const random = seededRandom(9)
  return samples.map((value) => value + level * random.gaussian())
}

const TUNE_EDITS: Readonly<Record<string, (samples: Float32Array) => Float32Array>> = {
  'the same': (samples) => samples,
  'noise, 20 dB below': (samples) => noisy(samples, 0.012),
  'trimmed to 10 s': (samples) => samples.slice(5.3 * 11_025, 15.3 * 11_025),
  'faster and higher, 1.1': (samples) => sped(samples, 1.1),
  // Between the supposed speeds, where it is hardest.
  'faster and higher, 1.0725': (samples) => sped(samples, 1.0725),
  'slower and lower, 0.9375': (samples) => sped(samples, 0.9375),
  'slower and lower, 0.9': (samples) => sped(samples, 0.9),
}

const SCAN_EDITS: Readonly<Record<string, readonly [keep: number, noiseMetres: number]>> = {
  'turned and scaled': [1, 0],
  'decimated to 20 %': [0.2, 0],
  'decimated to 5 %': [0.05, 0],
  'noise of 20 mm': [1, 0.02],
}

function shapeOf(positions: Float32Array): Float32Array {
  const shape = shapeDescriptor({ kind: 'points', points: { count: positions.length / 3, positions } })
  if (shape === null) throw new Error('a room without a shape')
  return shape
}

export const originalitySides = {
  film: {
    edits: [...Object.keys(FILM_EDITS), ENCODED_AGAIN],
    print: (seed: number) => Promise.resolve(filmPrint(frames(seed, {})).print),
    matcher(seed: number, edit: string) {
      const pictures = frames(seed, FILM_EDITS[edit] ?? {})
      const { query } = filmPrint(edit === ENCODED_AGAIN ? encodedAgain(pictures) : pictures)
      return Promise.resolve((print: FilmPrint['print']) => matchVideo(query, print) !== null)
    },
  },
  sound: {
    edits: Object.keys(TUNE_EDITS),
    print: async (seed: number) => await chromaprint(tune(seed, TUNE_SECONDS), 11_025),
    async matcher(seed: number, edit: string) {
      const { variants } = await printSamples(TUNE_EDITS[edit]!(tune(seed, TUNE_SECONDS)))
      return (print: Awaited<ReturnType<typeof chromaprint>>) => matchAudio(variants, print) !== null
    },
  },
  scan: {
    edits: Object.keys(SCAN_EDITS),
    print: (seed: number) => Promise.resolve(shapeOf(room(seed, POINTS))),
    matcher(seed: number, edit: string) {
      const [keep, noise] = SCAN_EDITS[edit]!
      const shape = shapeOf(rescanned(room(seed, POINTS), seed, keep, noise))
      return Promise.resolve((print: Float32Array) => matchShape(shape, print) !== null)
    },
  },
} satisfies Record<string, OriginalitySide>

export type SideName = keyof typeof originalitySides
