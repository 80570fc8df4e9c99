/** Every format of the registry from one small real take: whole, the same again, read back by something else. */
import { McapIndexedReader } from '@mcap/core'
import { NodeIO } from '@gltf-transform/core'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { pathOfAsset } from '../../electron/engine/assets/asset-location.ts'
import { describe as described } from '../../electron/engine/import/describe.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import type { ExportInput } from '../../electron/engine/publish/export/exporter.ts'
import { EXPORTERS, exporter } from '../../electron/engine/publish/export/index.ts'
import { inEnglish } from '../../shared/sayings/saying.ts'
import { runJob } from '../../shared/contract/client.ts'
import { recordsOf } from '../../shared/document/document.ts'
import { transformPoint } from '../../shared/geometry/matrix4.ts'
import { poseAt } from '../../shared/geometry/pose-at.ts'
import { quaternionFromRotation } from '../../shared/geometry/rotation.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { STRAY, writeStrayCapture } from '../fixtures/import/stray-capture.ts'
import { H264, makeClip, noise, picture } from '../fixtures/media/clips.ts'
import {
  captionRecord,
  markerRecord,
  plyText,
  projectRecord,
  timeMapRecord,
  transformRecord,
} from '../fixtures/publish/project.ts'

const run = promisify(execFile)
let folder: string
let engine: Engine
let input: ExportInput
let phoneId: string

/** A camera with sound that starts a quarter of a second late, a phone with depth, a scan: placed, with words. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asterism-datasets-'))
  const tools = await resolveMediaTools()
  const cam = await makeClip(
    folder,
    'Küche 1.mp4',
    ...picture('96x64', '10', 1.5),
    ...noise(1.5),
    ...H264,
    '-c:a',
    'aac',
  )
  const capture = await writeStrayCapture(folder, tools, 'g')
  const scan = join(folder, 'scan.ply')
  await writeFile(scan, plyText(30))
  engine = await createEngine({ home: join(folder, 'home'), host: {}, resumeJobs: false })
  const file = (path: string): string => engine.grantFile(path)
  await engine.client.projects.openFile({ file: file(join(folder, 'p.asterism')), create: true, title: 'A take' })
  const { assets } = await runJob(engine.client, 'import', { files: [cam, capture, scan].map(file) })
  const [, phone, room] = assets
  phoneId = phone!.id
  engine.session.requireProject().commit({ label: 'Place' }, (draft) => {
    const project = draft.get('project')
    if (project?.kind === 'project') project.worldAssetId = room!.id
    for (const record of [
      { ...transformRecord(phoneId), assetId: phoneId },
      captionRecord('words', 0.3, 0.9, 'Now the onions'),
      markerRecord('clap', 0.5, 'clap'),
    ])
      draft.set(record.id, record)
    // The phone counts from when it was switched on.
    const map = timeMapRecord('', -STRAY.startSeconds, {
      id: `timeMap:${phoneId}.clock0`,
      clockId: `${phoneId}.clock0`,
    })
    draft.set(map.id, { ...map, ratePpm: 0 })
    for (const record of Array.from(draft.values())) {
      if (record.kind !== 'track') continue
      for (const clip of record.clips) {
        clip.startTicks += ticksFromSeconds(clip.assetId === phoneId ? -STRAY.startSeconds : 0.25)
      }
    }
  })
  input = {
    records: [...engine.session.document.values()],
    assetPath: (id) => pathOfAsset(engine.session, id),
    tools,
  }
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

const asBuffer = async (path: string): Promise<ArrayBuffer> => {
  const bytes = await readFile(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}

/** Reads each kind of output back; throws or fails where it is not what it should be. */
const READ: Readonly<Record<string, (out: string) => Promise<void>>> = {
  async webdataset(out) {
    const { stdout } = await run('tar', ['tf', join(out, 'A-take-000000.tar')])
    const names = stdout.trim().split('\n')
    expect(names.slice(0, 3)).toEqual(['A-take_000000.json', 'A-take_000000.mp4', 'A-take_000000.txt'])
    expect(new Set(names.map((name) => name.split('.')[0])).size).toBe(names.length / 3)
    await run('tar', ['xf', join(out, 'A-take-000000.tar'), '-C', folder, names[2]!])
    expect(await readFile(join(folder, names[2]!), 'utf8')).toBe('Now the onions')
  },
  async 'hf-folder'(out) {
    const lines = (await readFile(join(out, 'train/metadata.jsonl'), 'utf8')).trim().split('\n')
    const rows = lines.map((line) => JSON.parse(line) as { file_name: string; start_s: number; source: string })
    for (const row of rows) expect(existsSync(join(out, 'train', row.file_name))).toBe(true)
    expect(rows.find((row) => row.source === 'Küche 1.mp4')).toMatchObject({ start_s: 0.25, text: 'Now the onions' })
  },
  async lerobot(out) {
    const info = JSON.parse(await readFile(join(out, 'meta/info.json'), 'utf8')) as {
      fps: number
      total_frames: number
      features: Record<string, { dtype: string; shape: number[] }>
    }
    const rows = (await parquetReadObjects({ file: await asBuffer(join(out, 'data/chunk-000/file-000.parquet')) })) as {
      timestamp: number
      frame_index: bigint
      index: bigint
      'observation.state': number[]
    }[]
    expect(rows).toHaveLength(info.total_frames)
    rows.forEach((row, n) => {
      expect(Math.abs(row.timestamp - n / info.fps)).toBeLessThan(1e-4)
      expect([row.frame_index, row.index]).toEqual([BigInt(n), BigInt(n)])
      expect(row['observation.state']).toHaveLength(info.features['observation.state']!.shape[0]!)
    })
    // Where the phone was, moved by its transform.
    expect(Math.hypot(...rows[0]!['observation.state'].slice(3))).toBeCloseTo(1, 5)
    const types = (await parquetMetadataAsync(await asBuffer(join(out, 'data/chunk-000/file-000.parquet')))).schema
    expect(types.find((each) => each.name === 'timestamp')?.type).toBe('FLOAT')
    expect(types.find((each) => each.name === 'frame_index')?.type).toBe('INT64')
    const [episode] = await parquetReadObjects({
      file: await asBuffer(join(out, 'meta/episodes/chunk-000/file-000.parquet')),
    })
    expect(episode).toMatchObject({ episode_index: 0n, length: BigInt(info.total_frames), tasks: ['A take'] })
    const [task] = await parquetReadObjects({ file: await asBuffer(join(out, 'meta/tasks.parquet')) })
    expect(task).toEqual({ task_index: 0n, task: 'A take' })
    expect(Object.keys(info.features)).toContain('observation.images.Küche-1')
    for (const [key, feature] of Object.entries(info.features)) {
      if (feature.dtype !== 'video') continue
      const film = join(out, `videos/${key}/chunk-000/file-000.mp4`)
      const args = [
        '-v',
        'error',
        '-count_packets',
        '-select_streams',
        'v',
        '-show_entries',
        'stream=nb_read_packets',
        '-of',
        'csv=p=0',
      ]
      const { stdout } = await run(input.tools.ffprobe!.path, [...args, film])
      expect(Number.parseInt(stdout, 10)).toBe(info.total_frames)
    }
  },
  async mcap(out) {
    const bytes = await readFile(out)
    const readable = {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset: bigint, size: bigint) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + size))),
    }
    const reader = await McapIndexedReader.Initialize({ readable })
    const topics = new Map([...reader.channelsById.values()].map((channel) => [channel.id, channel.topic]))
    const counts = new Map<string, number>()
    const sound: Buffer[] = []
    let last = -1n
    for await (const message of reader.readMessages()) {
      expect(message.logTime).toBeGreaterThanOrEqual(last)
      last = message.logTime
      const topic = topics.get(message.channelId)!
      counts.set(topic, (counts.get(topic) ?? 0) + 1)
      const body = JSON.parse(Buffer.from(message.data).toString()) as { data?: string }
      // Every access unit begins with its delimiter, the first of a film with the parameter sets behind it.
      if (topic === '/Küche-1/audio') sound.push(Buffer.from(body.data!, 'base64'))
      if (topic.endsWith('/video'))
        expect(Buffer.from(body.data!, 'base64').subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 1, 9]))
    }
    expect(counts.get('/Küche-1/video')).toBe(15)
    expect(counts.get('/Küche-1/audio')).toBeGreaterThanOrEqual(15)
    const words = Buffer.concat(sound)
    const heard = Array.from({ length: words.length / 2 }, (_, n) => words.readInt16LE(n * 2))
    // Two words a sample, a second and a half of them; the noise is heard all the time.
    expect(heard.length / 2 / 48_000).toBeCloseTo(1.5, 1)
    for (const part of [0.1, 0.5, 0.9].map((at) => heard.slice(at * heard.length - 500, at * heard.length + 500)))
      expect(Math.max(...part.map(Math.abs))).toBeGreaterThan(200)
    expect([...counts.keys()].filter((topic) => /pose|imu|captions|markers/.test(topic))).toHaveLength(4)
  },
  async nerfstudio(out) {
    const { frames } = JSON.parse(await readFile(join(out, 'transforms.json'), 'utf8')) as {
      frames: { file_path: string; transform_matrix: number[][]; w: number; fl_x: number }[]
    }
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) {
      expect(existsSync(join(out, frame.file_path))).toBe(true)
      const [a, b, c] = frame.transform_matrix as [number[], number[], number[]]
      const determinant =
        a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) -
        a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) +
        a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)
      expect(determinant).toBeCloseTo(1, 6)
    }
    // Imported anew it is the same cameras: the lens, and the phone's path as it lies in the world, at the film's times.
    const context = { tools: input.tools, signal: new AbortController().signal }
    const again = await described(out, context)
    expect(String(again.asset.metadata['camera']).split(' ').map(Number)).toEqual([
      STRAY.fx,
      STRAY.fy,
      STRAY.cx,
      STRAY.cy,
    ])
    const cameras = await again.importer.loadPoses!(again.source, 0, context)
    const phone = await described(pathOfAsset(engine.session, phoneId)!, context)
    const pose = phone.asset.streams.findIndex(({ sensor }) => sensor === 'pose')
    const path = await phone.importer.loadPoses!(phone.source, pose, context)
    expect(cameras.count).toBe(frames.length)
    for (let k = 0; k < cameras.count; k++) {
      const clock = cameras.timesNanoseconds[k]! + BigInt(STRAY.startSeconds * 1e9)
      const { position, rotation } = poseAt(path, clock)!
      const placed = transformPoint(transformRecord('').worldFromAsset, position)
      placed.forEach((value, axis) => expect(cameras.positions[3 * k + axis]).toBeCloseTo(value, 6))
      const turned = quaternionFromRotation(rotation).reduce(
        (sum, value, slot) => sum + value * cameras.rotations[4 * k + slot]!,
        0,
      )
      expect(Math.abs(turned)).toBeCloseTo(1, 9)
    }
  },
  async glb(out) {
    const names = (await new NodeIO().read(out))
      .getRoot()
      .listNodes()
      .map((node) => node.getName())
    expect(names).toContain('scan')
    expect(names.length).toBe(3)
  },
  async ply(out) {
    const head = (await readFile(out)).subarray(0, 300).toString('latin1')
    const count = Number(/element vertex (\d+)/.exec(head)?.[1])
    expect(count).toBeGreaterThan(30)
    const { assets } = await runJob(engine.client, 'import', { files: [engine.grantFile(out)] })
    expect(assets[0]?.streams[0]?.point_count).toBe(count)
  },
}

describe.each(Object.keys(READ))('%s', (id) => {
  const each = exporter(id)
  beforeEach(() => rm(join(folder, 'out'), { recursive: true, force: true }))

  it('is whole, the same again, and read back by others', async () => {
    const out = join(folder, 'out', `x${each.extension}`)
    const notes: string[] = []
    const files = await each.write(input, out, { onNote: (note) => notes.push(inEnglish(note)) })
    for (const file of files) {
      const bytes = await readFile(file.path)
      expect(file).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    }
    expect(await readdir(join(folder, 'out'))).toEqual([basename(out)])
    await READ[id]!(out)
    expect(await each.write(input, out)).toEqual(files)
  })

  it('refuses an empty project, a foreign folder and a cancelled run, and leaves what was there', async () => {
    const target = await mkdtemp(join(folder, 'refused-'))
    const out = join(target, `x${each.extension}`)
    await expect(each.write({ ...input, records: [projectRecord()] }, out)).rejects.toMatchObject({ code: 'bad_input' })
    await expect(each.write(input, out, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(target)).toEqual([])
    await mkdir(out)
    await writeFile(join(out, 'mine.txt'), 'mine')
    await expect(each.write(input, out)).rejects.toThrow()
    expect(await readdir(out)).toEqual(['mine.txt'])
  })
})

describe('the registry', () => {
  it('has every format under test here or beside', () => {
    const elsewhere = [
      'mp4',
      'webm',
      'wav',
      'still',
      'otio',
      'fcpxml',
      'edl',
      'vtt',
      'vtt-words',
      'srt',
      'transcript-txt',
      'transcript-md',
      'transcript-json',
      'croissant',
      'labels-csv',
      'labels-vtt',
      'labels-json',
    ]
    expect(EXPORTERS.map((each) => each.id).sort()).toEqual([...elsewhere, ...Object.keys(READ)].sort())
    expect(recordsOf(engine.session.document, 'track').length).toBeGreaterThan(3)
  })
})
