/** A film of a room and a scan of it: aligned by the depth, and then the pictures are asked. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runJob } from '../../shared/contract/client.ts'
import { reportId } from '../../shared/document/document.ts'
import { transformPositions, similarity } from '../../shared/geometry/matrix4.ts'
import { rotationFromVector } from '../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../shared/geometry/surface-sampling.ts'
import { TRANSPORTS } from '../fixtures/contract/transports.ts'
import { filmRoom } from '../fixtures/space/film.ts'
import { loadRoom } from '../fixtures/space/rooms.ts'
import { writeStrayFilm } from '../fixtures/space/stray-film.ts'

function plyOf(positions: Float32Array): Buffer {
  const heading = ['ply', 'format binary_little_endian 1.0', `element vertex ${positions.length / 3}`]
  const columns = ['x', 'y', 'z'].map((axis) => `property float ${axis}`)
  return Buffer.concat([
    Buffer.from([...heading, ...columns, 'end_header', ''].join('\n')),
    Buffer.from(positions.buffer),
  ])
}

test('the pictures of a capture show the scan that it was aligned with', async () => {
  const connection = await TRANSPORTS['direct call']!()
  try {
    const { client, engine, home } = connection
    const room = loadRoom('meeting_room')
    const film = filmRoom(room, { seed: 54, shots: 14, paint: 0.5, reach: 0.08 })
    const elsewhere = similarity(rotationFromVector(0, 1.1, 0), [3, 0, -2])
    const scan = join(home, 'room.ply')
    await writeFile(scan, plyOf(transformPositions(elsewhere, sampleSurface(room, 60_000, 5).positions)))
    const capture = await writeStrayFilm(home, film, await engine.session.tools())
    await client.projects.create({ title: 'pictures' })
    const { assets } = await runJob(client, 'import', { files: [scan, capture].map((path) => engine.grantFile(path)) })
    const [scanId, captureId] = assets.map(({ id }) => id)
    const answer = await runJob(client, 'register', { referenceAssetId: null })
    expect(answer.unregistered).toEqual([])
    expect(answer.picture_checks).toMatchObject([{ asset: captureId, scan: scanId, verdict: 'fits' }])
    // The window reads it from the report.
    expect(engine.session.document.get(reportId('register'))).toMatchObject({
      data: { picture_checks: answer.picture_checks },
    })
  } finally {
    await connection.close()
  }
})
