/** Depth pictures of a film: what makes them worse, or takes them away, never raises stars. */
import { describe, expect, it } from 'vitest'
import { measureDepth } from '../../../electron/engine/stars/measure-depth.ts'
import type { DepthFrame } from '../../../shared/geometry/data.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { quaternionFromRotation } from '../../../shared/geometry/rotation.ts'
import { starsOf } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { ScanInput, StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { FILM_CAMERA, type FilmShot, filmRoom } from '../../fixtures/space/film.ts'
import { furnishedRoom } from '../../fixtures/space/synthetic.ts'

type Worse = (shot: FilmShot, random: ReturnType<typeof seededRandom>, at: number) => FilmShot

const withDepth = (shot: FilmShot, of: (metres: number, at: number) => number): FilmShot => ({
  ...shot,
  depth: shot.depth.map((metres, at) => (metres > 0 ? of(metres, at) : 0)),
})
const noise =
  (share: number): Worse =>
  (shot, random) =>
    withDepth(shot, (metres) => metres * (1 + share * random.gaussian()))
const holes =
  (share: number): Worse =>
  (shot, random) =>
    withDepth(shot, (metres) => (random.next() < share ? 0 : metres))
const lost =
  (metres: number): Worse =>
  (shot, random) => ({ ...shot, position: shot.position.map((value) => value + metres * random.gaussian()) })

const WORSE: Readonly<Record<string, Worse>> = {
  'noise of 0.3 %': noise(0.003),
  'noise of 1 %': noise(0.01),
  'noise of 3 %': noise(0.03),
  'noise of 10 %': noise(0.1),
  'holes in a third': holes(0.33),
  'holes in most': holes(0.8),
  'a way that is 10 cm off': lost(0.1),
  'a way that is half a metre off': lost(0.5),
  'a scale that wanders': (shot, _, at) => withDepth(shot, (metres) => metres * (1 + 0.2 * Math.sin(at))),
  'nothing near': (shot) => withDepth(shot, (metres) => (metres < 2 ? 0 : metres)),
  'steps of 20 cm': (shot) => withDepth(shot, (metres) => Math.max(0.2, Math.round(metres * 5) / 5)),
}

function frameOf({ depth, position, rotation }: FilmShot, at: number): DepthFrame {
  const [x, y, z] = position as [number, number, number]
  return {
    width: FILM_CAMERA.width,
    height: FILM_CAMERA.height,
    depthMetres: depth,
    intrinsics: FILM_CAMERA,
    timeNanoseconds: BigInt(at) * 100_000_000n,
    pose: { position: [x, y, z], rotation: quaternionFromRotation(rotation) as [number, number, number, number] },
  }
}

async function scanOf(shots: readonly FilmShot[]): Promise<ScanInput> {
  async function* frames(): AsyncGenerator<DepthFrame> {
    for (const [at, shot] of shots.entries()) yield frameOf(shot, at)
  }
  const { elements, extentMetres, hasColor, quality } = await measureDepth(frames(), null, true)
  const place = { assetId: 'film', title: 'Film', isDepth: true, confidence: null, isWorld: true }
  return { ...place, elements, extentMetres, hasColor, quality }
}

const INPUT: StarsInput = {
  windowSeconds: 2,
  assets: [{ assetId: 'film', title: 'Film', sha256: 'a'.repeat(64) }],
  clocks: [],
  units: [],
  captions: [],
  scans: [],
  rights: { licence: 'CC-BY-4.0', trainingUse: 'allowed' },
  library: [],
}
const NOTHING = {
  assetId: 'film',
  title: 'Film',
  elements: 0,
  extentMetres: 0,
  hasColor: true,
  quality: 0,
  confidence: null,
  isWorld: true,
}
const starsWith = (scan: ScanInput): number => starsOf({ ...INPUT, scans: [scan] })

describe('depth of a film', () => {
  it('is worth something, and less the worse it is: noise, holes, a way that does not fit, wrong scale, steps', async () => {
    const random = seededRandom(7)
    const rose: string[] = []
    const shots = filmRoom(furnishedRoom(4), { seed: 4, shots: 8, paint: 0 })
    const clean = await scanOf(shots)
    expect(clean.quality).toBeGreaterThan(0.3)
    for (const [name, worse] of Object.entries(WORSE)) {
      const scan = await scanOf(shots.map((shot, at) => worse(shot, random, at)))
      if (starsWith(scan) > starsWith(clean)) rose.push(name)
    }
    expect(starsWith(clean)).toBeGreaterThan(starsOf({ ...INPUT, scans: [{ ...NOTHING, isDepth: true }] }))
    expect(rose).toEqual([])
  })

  it('of nothing measured is no surface', async () => {
    const [shot] = filmRoom(furnishedRoom(1), { seed: 1, shots: 1, paint: 0 })
    expect(await scanOf([{ ...shot!, depth: shot!.depth.fill(0) }])).toMatchObject({ elements: 0, quality: 0 })
  })
})
