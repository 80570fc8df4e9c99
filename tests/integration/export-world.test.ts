/** The registered world as it is written: read again, every part lies in the one frame, to a millimetre. */
import { NodeIO } from '@gltf-transform/core'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathOfAsset } from '../../electron/engine/assets/asset-location.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { chooseImporter } from '../../electron/engine/import/describe.ts'
import { openSource } from '../../electron/engine/import/source.ts'
import { resolveMediaTools, type MediaTools } from '../../electron/engine/media/tools.ts'
import type { ExportInput } from '../../electron/engine/publish/export/exporter.ts'
import { exporter } from '../../electron/engine/publish/export/index.ts'
import { runJob } from '../../shared/contract/client.ts'
import { transformId } from '../../shared/document/document.ts'
import { pathCorrectionId } from '../../shared/document/space-records.ts'
import { multiply, similarity, transformPoint } from '../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { rotationFromVector } from '../../shared/geometry/rotation.ts'
import { transformRecord } from '../fixtures/publish/project.ts'

const MILLIMETRE = 0.001
/** A survey's frame: metres east, up, north. */
const FAR = [431_250.25, 112.5, -5_410_700.75] as const
/** Where the room stands in it. */
const FAR_FROM_ROOM = similarity(rotationFromVector(0.02, 1.1, -0.01), [FAR[0] + 3, FAR[1], FAR[2] - 2])
/** And the walk, whose path was put right by this. */
const FAR_FROM_WALK = similarity(rotationFromVector(0, -0.7, 0), [FAR[0] - 1, FAR[1] + 1, FAR[2]])
const CORRECTION = similarity(rotationFromVector(0, 0.1, 0), [0.3, 0, -0.2])

type Points = readonly (readonly number[])[]

function pointsAbout(seed: number, [x, y, z]: readonly number[]): Points {
  const random = seededRandom(seed)
  return Array.from({ length: 200 }, () => [x! + random.next() * 4, y! + random.next() * 2.5, z! + random.next() * 3])
}

const survey = pointsAbout(1, FAR)
const room = pointsAbout(2, [0, 0, 0])
const walk = Array.from({ length: 40 }, (_, n) => [Math.sin(n / 9) * 2, 1.5, n * 0.05])

const ply = (type: string, points: Points): string =>
  `ply\nformat ascii 1.0\nelement vertex ${points.length}\n${['x', 'y', 'z'].map((axis) => `property ${type} ${axis}\n`).join('')}end_header\n${points.map((point) => point.join(' ')).join('\n')}\n`

describe('the registered world', () => {
  let folder: string
  let engine: Engine
  let tools: MediaTools
  let input: ExportInput
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asterism-world-'))
    tools = await resolveMediaTools()
    const paths = ['survey.ply', 'room.ply', 'walk.txt'].map((name) => join(folder, name))
    await writeFile(paths[0]!, ply('double', survey))
    await writeFile(paths[1]!, ply('float', room))
    // TUM: seconds, position, quaternion.
    await writeFile(
      paths[2]!,
      `# timestamp tx ty tz qx qy qz qw\n${walk.map((at, n) => `${100 + n * 0.1} ${at.join(' ')} 0 0 0 1`).join('\n')}\n`,
    )
    engine = await createEngine({ home: join(folder, 'home'), host: {}, resumeJobs: false })
    await engine.client.projects.openFile({
      file: engine.grantFile(join(folder, 'p.asterism')),
      create: true,
      title: 'World',
    })
    const { assets } = await runJob(engine.client, 'import', { files: paths.map((path) => engine.grantFile(path)) })
    const [surveyId, roomId, walkId] = assets.map(({ id }) => id) as [string, string, string]
    engine.session.requireProject().commit({ label: 'Place' }, (draft) => {
      const project = draft.get('project')
      if (project?.kind === 'project') project.worldAssetId = surveyId
      for (const [assetId, worldFromAsset] of [
        [roomId, FAR_FROM_ROOM],
        [walkId, FAR_FROM_WALK],
      ] as const) {
        draft.set(transformId(assetId), {
          ...transformRecord(assetId),
          id: transformId(assetId),
          assetId,
          worldFromAsset,
        })
      }
      const knots = [{ clockSeconds: 100, correctedFromRecorded: CORRECTION }]
      const id = pathCorrectionId(walkId)
      draft.set(id, { kind: 'pathCorrection', id, assetId: walkId, knots, largestCorrectionMetres: 0.4 })
    })
    const records = [...engine.session.document.values()]
    input = { records, assetPath: (id) => pathOfAsset(engine.session, id), tools }
  })
  afterAll(async () => {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  })

  function expectNear(found: Points, wanted: Points): void {
    expect(found).toHaveLength(wanted.length)
    let worst = 0
    found.forEach((point, n) =>
      point.forEach((value, k) => (worst = Math.max(worst, Math.abs(value - wanted[n]![k]!)))),
    )
    expect(worst).toBeLessThan(MILLIMETRE)
  }
  const inWorld = (matrix: readonly number[], points: Points): Points =>
    points.map((point) => transformPoint(matrix, point))

  const sorted = (points: Points): Points => points.toSorted((a, b) => a[0]! - b[0]!)
  /** What the studio itself makes of a file that it wrote. */
  async function readAgain(path: string): Promise<Points> {
    const source = await openSource(path)
    const scan = await chooseImporter(source).loadScan!(source, 0, { tools, signal: new AbortController().signal })
    if (scan.kind === 'mesh') throw new Error('points expected')
    const { positions, origin = [0, 0, 0], count } = scan.points
    return Array.from({ length: count }, (_, n) => [0, 1, 2].map((k) => positions[n * 3 + k]! + origin[k]!))
  }

  it('as PLY, also thousands of kilometres from the origin', async () => {
    const [file] = await exporter('ply').write(input, join(folder, 'world.ply'))
    expectNear(sorted(await readAgain(file!.path)), sorted([...survey, ...inWorld(FAR_FROM_ROOM, room)]))
  })

  it('as glTF, with the paths of devices that saw no surface, put right where loops were closed', async () => {
    const [file] = await exporter('glb').write(input, join(folder, 'world.glb'))
    const nodes = (await new NodeIO().read(file!.path)).getRoot().listNodes()
    const inNode = (name: string): Points => {
      const node = nodes.find((each) => each.getName() === name)!
      const positions = node.getMesh()!.listPrimitives()[0]!.getAttribute('POSITION')!
      return Array.from({ length: positions.getCount() }, (_, n) =>
        transformPoint(node.getMatrix(), positions.getElement(n, [])),
      )
    }
    expect(nodes).toHaveLength(3)
    expectNear(inNode('survey'), survey)
    expectNear(inNode('room'), inWorld(FAR_FROM_ROOM, room))
    expectNear(inNode('walk path'), inWorld(multiply(FAR_FROM_WALK, CORRECTION), walk))
    expectNear(sorted(await readAgain(file!.path)), sorted([...survey, ...inWorld(FAR_FROM_ROOM, room)]))
  })
})
