/** What the person does in space, over the contract: every word of theirs holds, and every gesture can be undone. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asEngineError, runJob } from '../../shared/contract/client.ts'
import { recordsOf, transformId } from '../../shared/document/document.ts'
import { spaceEvidenceId } from '../../shared/document/space-records.ts'
import {
  invertSimilarity,
  type Matrix4,
  multiply,
  similarity,
  transformPoint,
  transformPositions,
} from '../../shared/geometry/matrix4.ts'
import { poseDifference, rotationFromVector } from '../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../shared/geometry/surface-sampling.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'
import { emptyRoom, furnishedRoom } from '../fixtures/space/synthetic.ts'

/** Of the second and third scan in the first; the first lies 30 degrees off upright. */
const TRUTHS = [
  similarity(rotationFromVector(0.5, 0, 0.2), [1, 2, 3]),
  similarity(rotationFromVector(0.1, 1.2, -0.3), [2, -1, 0.5]),
]

const ply = (positions: Float32Array): Buffer => {
  const names = ['x', 'y', 'z'].map((name) => `property float ${name}\n`).join('')
  const head = `ply\nformat binary_little_endian 1.0\nelement vertex ${positions.length / 3}\n${names}end_header\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(positions.buffer, positions.byteOffset, positions.byteLength)])
}

describe('by hand', () => {
  let connection: Connection
  let ids: string[] = []
  let folder = ''
  const imported = async (scans: readonly Float32Array[]): Promise<string[]> => {
    const { client, engine } = connection
    const files = scans.map((positions) => {
      const path = join(folder, `${positions.length}-${positions[0]}.ply`)
      writeFileSync(path, ply(positions))
      return engine.grantFile(path)
    })
    return (await runJob(client, 'import', { files })).assets.map((asset) => asset.id)
  }
  const [tilted, away] = TRUTHS
  const poseIn = (target: string, source: string): number[] => {
    const [a, b] = [target, source].map((id) => connection.engine.session.document.get(transformId(id)))
    if (a?.kind !== 'transform' || b?.kind !== 'transform') throw new Error('not placed')
    return multiply(invertSimilarity(a.worldFromAsset), b.worldFromAsset)
  }
  const cornersIn = (assetFromRoom: Matrix4): number[][] =>
    [
      [0, 0, 0],
      [3, 0, 0],
      [0, 2, 0],
      [1, 0, 3],
    ].map((point) => transformPoint(assetFromRoom, point))
  const errorOf = async (work: Promise<unknown>): Promise<string> =>
    await work.then(
      () => 'none',
      (error: unknown) => asEngineError(error).code,
    )

  beforeAll(async () => {
    connection = await TRANSPORTS['direct call']!()
    const { client, home } = connection
    await client.projects.create({ title: 'space' })
    folder = join(home, 'scans')
    mkdirSync(folder)
    const room = sampleSurface(furnishedRoom(5), 9_000, 1).positions
    const again = sampleSurface(furnishedRoom(5), 9_000, 2).positions
    ids = await imported([transformPositions(tilted!, room), transformPositions(away!, again)])
  })
  afterAll(async () => await connection.close())

  test('places in one line are refused, three others place the scan and outlast a later run', async () => {
    const { client, engine } = connection
    const [targetAssetId, sourceAssetId] = [ids[0]!, ids[1]!]
    const [there, here] = [cornersIn(tilted!), cornersIn(away!)]
    const line = [0, 1, 2].map((i) => ({ target: [i, 0, 0], source: [i, 0, 0] }))
    const ask = { targetAssetId, sourceAssetId, withScale: false }
    expect(await errorOf(client.space.landmarks({ ...ask, points: line }))).toBe('bad_input')
    expect(await errorOf(client.space.landmarks({ ...ask, points: line.slice(1) }))).toBe('bad_input')
    // The person is half a metre off on purpose: it is their word that counts.
    const points = there.map((target, i) => ({ target: [target[0]! + 0.5, target[1]!, target[2]!], source: here[i]! }))
    const answer = await client.space.landmarks({ ...ask, points })
    expect(answer.rmseMetres).toBeLessThan(1e-6)
    const expected = multiply(
      similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [0.5, 0, 0]),
      multiply(tilted!, invertSimilarity(away!)),
    )
    const held = () => poseDifference(poseIn(targetAssetId, sourceAssetId), expected, here[0]!)
    expect(held().metres).toBeLessThan(1e-6)
    await runJob(client, 'register', { referenceAssetId: null })
    expect(held().metres).toBeLessThan(1e-6)
    expect(held().degrees).toBeLessThan(1e-4)
    expect(recordsOf(engine.session.document, 'landmarks')).toHaveLength(1)
    await client.document.undo()
    await client.document.undo()
    expect(recordsOf(engine.session.document, 'landmarks')).toHaveLength(0)
    expect(engine.session.document.get(transformId(sourceAssetId))).toBeUndefined()
  })

  test('an ambiguous pair keeps its candidates, and the one chosen is taken and kept', async () => {
    const { client, engine } = connection
    const rooms = [3, 4].map((seed) => sampleSurface(emptyRoom(), 5_000, seed).positions)
    const [targetAssetId, sourceAssetId] = (await imported(rooms)) as [string, string]
    const evidenceId = spaceEvidenceId(targetAssetId, sourceAssetId)
    const pair = { targetAssetId, sourceAssetId, targetRegion: null, sourceRegion: null }
    expect(await runJob(client, 'registerPair', pair)).toHaveProperty('unregistered')
    const open = engine.session.document.get(evidenceId)
    if (open?.kind !== 'spaceEvidence') throw new Error('no evidence')
    expect(open).toMatchObject({ unresolved: true, accepted: false, rmseMetres: null })
    expect(open.reason).toMatch(/^ambiguous/)
    expect(open.candidates.length).toBeGreaterThan(1)
    expect(engine.session.document.get(transformId(sourceAssetId))).toBeUndefined()
    expect(await errorOf(client.space.judge({ evidenceId, verdict: 'accept', candidate: 99 }))).toBe('bad_input')
    await client.space.judge({ evidenceId, verdict: 'accept', candidate: 1 })
    const chosen = open.candidates[1]!.targetFromSource
    // Nothing was measured of it, so no residual is stated.
    const places = [targetAssetId, sourceAssetId].map((id) => engine.session.document.get(transformId(id)))
    expect(places.map((place) => place?.kind === 'transform' && place.rmseMetres)).toEqual([null, null])
    const difference = poseDifference(poseIn(targetAssetId, sourceAssetId), chosen, [0, 0, 0])
    expect(difference.metres).toBeLessThan(1e-6)
    await client.space.judge({ evidenceId, verdict: 'reject', candidate: null })
    expect(engine.session.document.get(transformId(sourceAssetId))).toBeUndefined()
    await client.document.undo()
    expect(poseDifference(poseIn(targetAssetId, sourceAssetId), chosen, [0, 0, 0]).metres).toBeLessThan(1e-6)
    const colours = await client.space.residuals({ evidenceId, maximumPoints: 500 })
    expect(colours.positions).toHaveLength(colours.distancesMetres.length * 3)
    expect(colours.distancesMetres.length).toBeGreaterThan(300)
    expect(Math.max(...colours.distancesMetres)).toBeLessThan(0.2)
    for (let i = 0; i < 3; i++) await client.document.undo()
  })

  test('a region limits what is compared', async () => {
    const { client, engine } = connection
    const pair = { targetAssetId: ids[0]!, sourceAssetId: ids[1]! }
    const most = { min: [-50, -50, -50], max: [50, 50, 50] }
    const found = await runJob(client, 'registerPair', { ...pair, targetRegion: most, sourceRegion: most })
    expect(found).toHaveProperty('target_from_source')
    const truth = multiply(tilted!, invertSimilarity(away!))
    expect(poseDifference(poseIn(ids[0]!, ids[1]!), truth, transformPoint(away!, [2, 1, 2])).metres).toBeLessThan(0.02)
    const known = engine.session.document.get(spaceEvidenceId(ids[0]!, ids[1]!))
    expect(known).toMatchObject({ accepted: true })
    const nothing = { min: [90, 90, 90], max: [91, 91, 91] }
    const refused = await runJob(client, 'registerPair', { ...pair, targetRegion: nothing, sourceRegion: null })
    expect(refused).toMatchObject({ unregistered: { reason: expect.stringMatching(/target.*empty/) } })
    expect(engine.session.document.get(spaceEvidenceId(ids[0]!, ids[1]!))).toEqual(known)
  })

  test('gravity points down and the floor lies at zero, for the whole world and for later runs', async () => {
    const { client, engine } = connection
    const before = poseIn(ids[0]!, ids[1]!)
    const floor = await client.space.floor({ assetId: ids[0]! })
    expect(floor.tiltDegrees).toBeGreaterThan(10)
    await client.space.level({ assetId: null, up: floor.up, floorMetres: floor.heightMetres })
    const level = await client.space.floor({ assetId: ids[1]! })
    expect(level.tiltDegrees).toBeLessThan(1)
    expect(Math.abs(level.heightMetres)).toBeLessThan(0.03)
    expect(poseDifference(poseIn(ids[0]!, ids[1]!), before, [0, 0, 0]).metres).toBeLessThan(1e-9)
    const up = () => {
      const transform = engine.session.document.get(transformId(ids[0]!))
      if (transform?.kind !== 'transform') throw new Error('not placed')
      return transformPoint(multiply(transform.worldFromAsset, tilted!), [0, 1, 0])[1]
    }
    expect(up()).toBeCloseTo(1, 1)
    await client.space.judge({
      evidenceId: spaceEvidenceId(ids[0]!, ids[1]!),
      verdict: 'accept',
      candidate: null,
    })
    expect(up()).toBeCloseTo(1, 1)
    expect(await errorOf(client.space.level({ assetId: null, up: [0, 0, 0], floorMetres: null }))).toBe('bad_input')
  })
})
