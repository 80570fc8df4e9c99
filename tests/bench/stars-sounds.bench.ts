/**
 * How well sounds are told apart: by statistics of their bands, by the learned axes, and by both as the stars do.
 * ASTERISM_STARS_SOUNDS names the folder into which Debian's asterisk-core-sounds-{en,es,fr,it,ru}-g722 (five voices),
 * asterisk-moh-opsound-g722 (five pieces of music) and tuxpaint-stamps-default (animals) were unpacked (`dpkg -x`). For tests only:
 * nothing of them ships, and the axes were fitted without them. Each clip is heard twice, through two devices: what is asked
 * for is heard on one and looked for among what was heard on the other.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { melLevels } from '../../electron/engine/stars/mel-levels.ts'
import { soundMeaning } from '../../electron/engine/stars/sound-meaning.ts'
import { loadFft } from '../../shared/signal/fft.ts'
import { EMBEDDED_FRAMES } from '../../shared/stars/estimate/sound-embedding.ts'
import { MEL_BANDS, soundVector } from '../../shared/stars/estimate/sound-measure.ts'

const HZ = 16_000
const SECONDS = 3
const SAMPLES = SECONDS * HZ

interface Clip {
  readonly kind: 'voice' | 'music' | 'animal'
  /** Who speaks, which piece it is, what kind of animal. */
  readonly group: string
  readonly path: string
  readonly from: number
}

/** What the sound goes through, as filters of ffmpeg. */
const DEVICES = {
  'a room': 'aecho=0.8:0.5:23|41|67:0.3|0.2|0.15,highpass=f=120,lowpass=f=6500,volume=-9dB',
  'a telephone': 'highpass=f=300,lowpass=f=3400:p=2,aresample=8000,acompressor,aresample=16000',
  'a noisy recorder': 'highpass=f=80,treble=g=-6:f=2500,aeval=val(0)+0.006*(random(0)*2-1)',
}

function clipsOf(folder: string): Clip[] {
  const found = (pattern: string): string[] => globSync(join(folder, 'usr/share', pattern)).sort()
  const every = (paths: string[], count: number): string[] =>
    Array.from({ length: Math.min(count, paths.length) }, (_, at) => paths[Math.floor((at * paths.length) / count)])
  const voices = found('asterisk/sounds/*_*_?_*').flatMap((voice) =>
    every(
      globSync(join(voice, '*.g722')).filter((path) => /conf|vm-|queue|agent|auth|dir|is-|the/.test(basename(path))),
      24,
    ).map((path): Clip => ({ kind: 'voice', group: basename(voice), path, from: 0 })),
  )
  const music = found('asterisk/moh/*.g722').flatMap((path) =>
    Array.from({ length: 12 }, (_, at): Clip => ({ kind: 'music', group: basename(path), path, from: 5 + 9 * at })),
  )
  const animals = found('tuxpaint/stamps/animals/**/*.{ogg,wav}')
    .filter((path) => !path.includes('_desc'))
    .map((path): Clip => ({ kind: 'animal', group: basename(dirname(path)), path, from: 0 }))
  return [...voices, ...music, ...animals]
}

function ffmpeg(before: string[], after: string[], input?: Buffer): Float32Array {
  const raw = ['-f', 'f32le', '-ac', '1', '-ar', String(HZ)]
  const ran = spawnSync('ffmpeg', ['-v', 'error', ...before, ...after, ...raw, 'pipe:1'], {
    maxBuffer: 1 << 29,
    ...(input ? { input } : {}),
  })
  if (ran.status !== 0) throw new Error(ran.stderr.toString())
  const bytes = Uint8Array.from(ran.stdout)
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4))
}

/** All clips one after another, each as long as the others, its loudest sample at one half. */
function recordingOf(clips: readonly Clip[]): Float32Array {
  const all = new Float32Array(clips.length * SAMPLES)
  clips.forEach(({ path, from }, at) => {
    const own = ffmpeg(['-ss', String(from), '-t', String(SECONDS)], ['-i', path]).slice(0, SAMPLES)
    const peak = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)
    all.set(
      own.map((value) => (value * 0.5) / peak),
      at * SAMPLES,
    )
  })
  return all
}

function heardThrough(recording: Float32Array, filters: string): Float32Array {
  const input = Buffer.from(recording.buffer, recording.byteOffset, recording.byteLength)
  return ffmpeg(['-f', 'f32le', '-ac', '1', '-ar', String(HZ), '-i', 'pipe:0'], ['-af', filters], input)
}

type Vector = readonly number[]

/** Both vectors of each clip, means over its seconds. */
function vectorsOf(
  recording: Float32Array,
  plans: Awaited<ReturnType<typeof loadFft>>,
): { statistics: Vector; learned: Vector }[] {
  const { levels } = melLevels(recording, plans, new AbortController().signal)
  const frames = EMBEDDED_FRAMES * MEL_BANDS
  const meanOf = (clip: number, measure: (levels: Float32Array) => Vector): Vector => {
    // The last second of a clip runs into the next one: frames reach a little beyond their second.
    const parts = Array.from({ length: SECONDS - 1 }, (_, second) => {
      const at = (clip * SECONDS + second) * frames
      return measure(levels.subarray(at, at + frames))
    })
    return parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i] / parts.length, 0))
  }
  return Array.from({ length: Math.floor(recording.length / SAMPLES) }, (_, clip) => ({
    statistics: meanOf(clip, (own) => soundVector({ count: EMBEDDED_FRAMES, levels: own })),
    learned: meanOf(clip, (own) => soundMeaning({ count: EMBEDDED_FRAMES, levels: own })),
  }))
}

type Vectors = ReturnType<typeof vectorsOf>[number]

function squared(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
}

const DISTANCES: { name: string; between(a: Vectors, b: Vectors): number }[] = [
  { name: 'statistics of bands', between: (a, b) => squared(a.statistics, b.statistics) },
  { name: 'learned axes', between: (a, b) => squared(a.learned, b.learned) },
  {
    name: 'half of each (stars)',
    between: (a, b) => squared(a.statistics, b.statistics) + squared(a.learned, b.learned),
  },
]

export async function run(print: (line: string) => void): Promise<void> {
  const folder = process.env['ASTERISM_STARS_SOUNDS']
  const clips = folder ? clipsOf(folder) : []
  if (clips.length === 0) {
    print(
      'No sounds: ASTERISM_STARS_SOUNDS names no folder with the unpacked packages (see tests/bench/stars-sounds.bench.ts).',
    )
    return
  }
  const recording = recordingOf(clips)
  const plans = await loadFft()
  const heard = Object.entries(DEVICES).map(
    ([device, filters]) => [device, vectorsOf(heardThrough(recording, filters), plans)] as const,
  )
  plans.close()
  const count = Math.min(clips.length, ...heard.map(([, vectors]) => vectors.length))
  const indices = Array.from({ length: count }, (_, at) => at)
  print(
    `${count} clips; nearest of another device: the very clip, and of the other clips one of the same kind, voice, piece`,
  )
  print(`  ${''.padEnd(46)}    clip    kind   voice   piece`)
  for (const [a, ofA] of heard) {
    for (const [b, ofB] of heard) {
      if (a === b) continue
      for (const { name, between } of DISTANCES) {
        const nearest = (at: number, among: readonly number[]): number =>
          among.reduce((best, other) => (between(ofA[at], ofB[other]) < between(ofA[at], ofB[best]) ? other : best))
        const share = (of: readonly number[], isRight: (at: number) => boolean): number =>
          of.filter(isRight).length / of.length
        const same = (kind: Clip['kind']): number => {
          const own = indices.filter((at) => clips[at].kind === kind)
          return share(own, (at) => {
            const other = nearest(
              at,
              own.filter((each) => each !== at),
            )
            return clips[other].group === clips[at].group
          })
        }
        const figures = [
          share(indices, (at) => nearest(at, indices) === at),
          share(
            indices,
            (at) =>
              clips[
                nearest(
                  at,
                  indices.filter((each) => each !== at),
                )
              ].kind === clips[at].kind,
          ),
          same('voice'),
          same('music'),
        ]
        print(
          `  ${`${a} against ${b}: ${name}`.padEnd(62)}${figures.map((figure) => figure.toFixed(3).padStart(8)).join('')}`,
        )
      }
    }
  }
}
