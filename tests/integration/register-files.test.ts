/** Pairs of files as they come: broken, thin, mirrored, in other units. Each gets an answer or a refusal that says why. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asEngineError, runJob } from '../../shared/contract/client.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { poseDifference } from '../../shared/geometry/rotation.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'
import { partialPair } from '../fixtures/space/rooms.ts'
import { furnishedRoom } from '../fixtures/space/synthetic.ts'

const random = seededRandom(17)
const pair = partialPair(furnishedRoom(31), { seed: 31, kept: 0.85, points: 9_000, tilted: true })
const positionsOf = (scan: (typeof pair)['target']): Float32Array => {
  if (scan.kind === 'mesh') throw new Error('points expected')
  return scan.points.positions
}
const [target, source] = [positionsOf(pair.target), positionsOf(pair.source)]

function ply(positions: Float32Array, claimed = positions.length / 3): Buffer {
  const names = ['x', 'y', 'z'].map((name) => `property float ${name}\n`).join('')
  const head = `ply\nformat binary_little_endian 1.0\nelement vertex ${claimed}\n${names}end_header\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(positions.buffer, positions.byteOffset, positions.byteLength)])
}

/** `count` points made one by one. */
function made(count: number, make: (i: number) => readonly number[]): Float32Array {
  return Float32Array.from(Array.from({ length: count }, (_, i) => make(i)).flat())
}

const REFUSED: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
  'three points': [ply(made(3, (i) => [i, i * i, -i])), /only 3 usable points/],
  'no points at all': [ply(new Float32Array(0)), /holds no vert/],
  'one line': [ply(made(900, (i) => [i * 0.01, random.gaussian() * 0.001, 1])), /one line/],
  'one plane': [ply(made(900, () => [random.next() * 4, random.next() * 3, random.gaussian() * 0.002])), /one plane/],
  'one place': [ply(made(900, () => [1, 2, 3])), /coincide/],
  'nothing finite': [ply(made(900, () => [Number.NaN, Number.POSITIVE_INFINITY, 0])), /finite/],
  'a mirror image': [ply(source.map((value, i) => (i % 3 === 0 ? -value : value))), /do not agree|ambiguous/],
  '15 % larger': [ply(source.map((value) => value * 1.15)), /do not agree|ambiguous/],
  millimetres: [ply(source.map((value) => value * 1000)), /source may be in millimetres.*scale/],
}

const UNREADABLE: Readonly<Record<string, readonly [Buffer, string]>> = {
  'a header that claims 100 million points': [ply(source.subarray(0, 300), 100_000_000), 'corrupt_file'],
  'a header that claims more than numbers hold': [ply(source.subarray(0, 300), 1e21), 'corrupt_file'],
  'half a header': [Buffer.from('ply\nformat binary_little_endian 1.0\nelement ver'), 'corrupt_file'],
  'a file of no bytes': [Buffer.alloc(0), 'empty_file'],
  'a poem': [Buffer.from('Es war, als hätt der Himmel\ndie Erde still geküsst\n'.repeat(20)), 'unsupported_format'],
}

describe('register-files', () => {
  let connection: Connection
  let folder = ''
  const written = (name: string, bytes: Buffer): string => {
    const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.ply`)
    writeFileSync(path, bytes)
    return connection.engine.grantFile(path)
  }
  const ask = async (a: string, b: string, scale = false) =>
    await runJob(connection.client, 'registerFiles', { target: a, source: b, scale })

  beforeAll(async () => {
    connection = await TRANSPORTS['direct call']!()
    folder = join(connection.home, 'scans')
    mkdirSync(folder)
  })
  afterAll(async () => await connection.close())

  test.each(Object.entries(REFUSED))('%s is refused', async (name, [bytes, reason]) => {
    const said = await ask(written('good', ply(target)), written(name, bytes)).then(
      (answer) => ('unregistered' in answer ? answer.unregistered.reason : 'registered'),
      (error: unknown) => asEngineError(error).message,
    )
    expect(said).not.toBe('registered')
    expect(said).toMatch(reason)
  })

  test.each(Object.entries(UNREADABLE))('%s is an error that says so', async (name, [bytes, code]) => {
    const [good, bad] = [written('good', ply(target)), written(name, bytes)]
    const failure = await ask(good, bad).then(
      () => undefined,
      (error: unknown) => asEngineError(error),
    )
    expect(failure?.code).toBe(code)
    expect(failure?.message.length).toBeGreaterThan(15)
  })

  test('a model without a unit of length is refused with the word that helps', async () => {
    const model = join(folder, 'model')
    mkdirSync(model)
    writeFileSync(join(model, 'cameras.txt'), '1 PINHOLE 640 480 500 500 320 240\n')
    writeFileSync(join(model, 'images.txt'), '1 1 0 0 0 0 0 0 1 a.jpg\n\n')
    const rows = made(600, (i) => [0, 1, 2].map((k) => source[15 * i + k]! * 0.4))
    const lines = Array.from(
      { length: rows.length / 3 },
      (_, i) => `${i} ${rows.slice(3 * i, 3 * i + 3).join(' ')} 9 9 9 1`,
    )
    writeFileSync(join(model, 'points3D.txt'), `${lines.join('\n')}\n`)
    const answer = await ask(written('good', ply(target)), connection.engine.grantFile(model))
    if (!('unregistered' in answer)) throw new Error('registered')
    expect(answer.unregistered.reason).toMatch(/unit of length of model is unknown.*--scale/)
  })

  test('points that are no numbers and points that are there five times do not change the answer', async () => {
    const spoilt = new Float32Array(source.length * 5)
    for (let copy = 0; copy < 5; copy++) spoilt.set(source, copy * source.length)
    for (let i = 0; i < spoilt.length; i += 89) spoilt[i] = Number.NaN
    const answer = await ask(written('good', ply(target)), written('spoilt', ply(spoilt)))
    if ('unregistered' in answer) throw new Error(answer.unregistered.reason)
    const middle = [0, 1, 2].map(
      (k) => source.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / (source.length / 3),
    )
    const { degrees, metres } = poseDifference(answer.target_from_source, pair.targetFromSource, middle)
    expect(degrees).toBeLessThan(0.3)
    expect(metres).toBeLessThan(0.01)
  })
})
