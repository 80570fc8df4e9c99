import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { MediaTools } from '../../electron/engine/media/tools.ts'
import { buildPackage } from '../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../electron/engine/publish/package/verify.ts'
import { cidOfFile } from '../../electron/engine/publish/content/unixfs.ts'
import {
  assetRecord,
  clockRecord,
  packageInput,
  projectRecord,
  rightsRecord,
  scanProject,
  streamRecord,
  withRecord,
} from '../fixtures/publish/project.ts'
import { damage, ffmpeg, ffprobe, filmProject, realTools } from '../fixtures/publish/recordings.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

let tools: MediaTools
beforeAll(async () => {
  tools = await realTools()
})

describe('a package with film and sound', () => {
  it('is the same twice, and is what it says to ffprobe', async () => {
    const folder = await scratchFolder()
    await mkdir(join(folder, 'in'))
    const project = await filmProject(tools, join(folder, 'in'))
    const input = packageInput(project, { tools })
    const one = await buildPackage(input, join(folder, 'one'))
    const two = await buildPackage(input, join(folder, 'two', 'deeper'))
    expect(two.root_cid).toBe(one.root_cid)
    expect(one.checks.filter((check) => !check.ok)).toEqual([])
    expect((await verifyPackage(one.car)).failures).toEqual([])

    const preview = (await ffprobe(tools, join(one.path, 'preview/preview.mp4'), '-show_streams -show_format')) as {
      streams: { codec_name: string; height?: number; profile?: string }[]
      format: { duration: string; tags: Record<string, string> }
    }
    expect(preview.streams.map((stream) => stream.codec_name)).toEqual(['h264', 'aac'])
    expect(preview.streams[0].height).toBe(180)
    expect(Number(preview.format.duration)).toBeCloseTo(2, 1)
    expect(preview.format.tags.creation_time).toBeUndefined()
    const film = await readFile(join(one.path, 'preview/preview.mp4'))
    expect(film.indexOf('moov')).toBeLessThan(film.indexOf('mdat'))

    const metadata = JSON.parse(await readFile(join(one.path, 'metadata.json'), 'utf8')) as Record<string, string>
    expect(metadata.animation_url).toBe(`ipfs://${await cidOfFile(join(one.path, 'preview/preview.mp4'))}`)
    expect(metadata.image).toBe(`ipfs://${await cidOfFile(join(one.path, 'preview/poster.png'))}`)

    const captions = (await ffprobe(tools, join(one.path, 'transcript.vtt'), '-show_packets')) as {
      packets: { pts_time: string; duration_time: string }[]
    }
    expect(captions.packets.map((cue) => [Number(cue.pts_time), Number(cue.duration_time)])).toEqual([
      [0.5, 1],
      [1.75, 0.25],
    ])
  })

  it('does not tell the place unless that is chosen, and the film stays as it was', async () => {
    const folder = await scratchFolder()
    await mkdir(join(folder, 'in'))
    const project = await filmProject(tools, join(folder, 'in'))
    const original = project.paths.get('cam') ?? ''
    const tagsOf = async (path: string): Promise<string> =>
      JSON.stringify(await ffprobe(tools, path, '-show_entries format_tags:stream_tags'))
    expect(await tagsOf(original)).toContain('48.8583')

    const without = await buildPackage(packageInput(project, { tools }), join(folder, 'without'))
    const copy = join(without.path, 'media/cam.mov')
    expect(await tagsOf(copy)).not.toContain('48.8583')
    expect((await readFile(copy)).includes('48.8583')).toBe(false)
    expect(without.checks.find((check) => check.id === 'location')).toMatchObject({
      ok: true,
      detail: expect.stringContaining('taken out of media/cam.mov'),
    })
    const packets = '-show_entries packet=stream_index,pts,dts,size,flags,data_hash -show_data_hash sha256'
    expect(await ffprobe(tools, copy, packets)).toEqual(await ffprobe(tools, original, packets))
    expect((await stat(copy)).size).toBe((await stat(original)).size)
    expect(await readFile(original, 'latin1')).toContain('48.8583')

    const keep = withRecord(project, 'rights', (rights) => ({ ...rights, keepLocationData: true }))
    const kept = await buildPackage(packageInput(keep, { tools }), join(folder, 'with'))
    expect(await readFile(join(kept.path, 'media/cam.mov'))).toEqual(await readFile(original))
    expect(kept.checks.find((check) => check.id === 'location')?.ok).toBe(true)
  })

  it('fails its checks for damage, foreign places and owners, with what to do', async () => {
    const folder = await scratchFolder()
    await mkdir(join(folder, 'in'))
    const project = await filmProject(tools, join(folder, 'in'))
    const cam = project.paths.get('cam') ?? ''
    await damage(cam)
    await ffmpeg(tools, join(folder, 'in'), '-f lavfi -i sine=duration=1 {}/walk.mkv', [
      '-metadata',
      'location=+48.8583+002.2944/',
      '-metadata',
      'artist=Ada',
    ])
    const walk = await assetRecord('walk', join(folder, 'in', 'walk.mkv'))
    const damaged = await assetRecord('cam', cam, { format: 'mov', durationSeconds: 4 })
    const changed = withRecord(project, 'asset', (asset) => (asset.id === 'cam' ? damaged : asset))
    const records = [...changed.records, walk, streamRecord('walk', { sensor: 'audio' }), clockRecord('walk')]
    const paths = new Map([...project.paths, ['walk', join(folder, 'in', 'walk.mkv')]])
    const built = await buildPackage(packageInput({ records, paths }, { tools }), join(folder, 'out'))
    const failed = new Map(built.checks.filter((check) => !check.ok).map((check) => [check.id, check]))
    expect([...failed.keys()]).toEqual(['decodes', 'aligned-in-time', 'location', 'personal-data'])
    expect(failed.get('decodes')?.detail).toContain('media/cam.mov')
    expect(failed.get('decodes')?.detail).not.toContain(folder)
    expect(failed.get('location')?.detail).toContain('media/walk.mkv has the tag')
    expect(failed.get('personal-data')?.detail).toMatch(/media\/walk\.mkv has the tag artist/i)
    for (const check of failed.values()) expect(check.fix).toBeTruthy()
  })

  it('is written all the same when a recording cannot be read at all, and says so', async () => {
    const folder = await scratchFolder()
    await writeFile(join(folder, 'noise.mp4'), Buffer.alloc(5000, 77))
    const asset = await assetRecord('x', join(folder, 'noise.mp4'))
    const records = [projectRecord(), rightsRecord(), asset, streamRecord('x', { sensor: 'video' }), clockRecord('x')]
    const input = packageInput({ records, paths: new Map([['x', join(folder, 'noise.mp4')]]) }, { tools })
    const built = await buildPackage(input, join(folder, 'out'))
    const failed = built.checks.filter((check) => !check.ok)
    expect(failed.map((check) => check.id)).toEqual(['decodes', 'preview'])
    expect(failed[0].detail).toContain('media/noise.mp4: it cannot be read')
    expect(await readdir(built.path)).not.toContain('preview')
  })

  it('is held against the buyer’s profile', async () => {
    const folder = await scratchFolder()
    const detailOf = async (name: string, encoder: string): Promise<string> => {
      const path = join(folder, name)
      await ffmpeg(
        tools,
        folder,
        `-f lavfi -i testsrc2=size=320x180:rate=30:duration=4 -c:v libx264 ${encoder} {}/${name}`,
      )
      const records = [projectRecord(), rightsRecord(), await assetRecord('v', path)]
      const video = streamRecord('v', { sensor: 'video', frameRate: { numerator: 30, denominator: 1 } })
      const sample = { records: [...records, video, clockRecord('v')], paths: new Map([['v', path]]) }
      const input = packageInput(sample, { tools, buyerProfileId: 'egocentric-baseline' })
      const built = await buildPackage(input, join(folder, `out-${name}`))
      const check = built.checks.find((each) => each.id === 'buyer-profile')
      expect(check).toMatchObject({ ok: false, blocking: true })
      return check?.detail ?? ''
    }
    const fitting = await detailOf('fitting.mp4', '-g 30 -bf 0 -pix_fmt yuv420p')
    expect(fitting).toMatch(/320 x 180.*4\.0 s.*no IMU.*no camera path/)
    expect(fitting).not.toMatch(/container|codec|fps|bit|B-frames|key frames/)
    const other = await detailOf('other.mkv', '-g 90 -keyint_min 90 -sc_threshold 0 -bf 2 -pix_fmt yuv420p10le')
    expect(other).toMatch(/container matroska.*320 x 180.*yuv420p10le.*B-frames.*4\.0 s.*; and 3 more/)
  })
})

/** A small disk of its own, where this user may mount one. */
async function smallDisk(folder: string, options: string): Promise<string | null> {
  const at = join(folder, 'disk')
  await mkdir(at)
  if (process.getuid?.() !== 0) return null
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', options, 'none', at], { stdio: 'ignore' })
  } catch (error) {
    if (error instanceof Error && 'status' in error) return null
    throw error
  }
  onTestFinished(() => void execFileSync('/bin/umount', ['-l', at]))
  return at
}

describe('packing onto', () => {
  it('a full disk fails cleanly, naming what to do', async (context) => {
    const folder = await scratchFolder()
    const disk = await smallDisk(folder, 'size=1m')
    if (disk === null) return context.skip('not run: mounting a small disk needs root')
    const project = await filmProject(tools, folder)
    await writeFile(join(disk, 'filler'), Buffer.alloc(700_000))
    const packing = buildPackage(packageInput(project, { tools }), join(disk, 'out'))
    await expect(packing).rejects.toMatchObject({ code: 'disk_full', fix: expect.stringContaining('Free some space') })
    expect(await readdir(join(disk, 'out'))).toEqual([])
  })

  it('a folder that may not be written to fails cleanly', async (context) => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    let out = join(folder, 'locked')
    if (process.getuid?.() === 0) {
      const disk = await smallDisk(folder, 'ro')
      if (disk === null) return context.skip('not run: mounting a read-only disk needs root')
      out = disk
    } else {
      await mkdir(out)
      await chmod(out, 0o555)
    }
    await expect(buildPackage(packageInput(project), out)).rejects.toMatchObject({ code: 'not_writable' })
    expect(await readdir(out)).toEqual([])
  })
})

describe('a packing that is killed', () => {
  it('leaves nothing under a final name, and the next one finishes the work', async () => {
    const folder = await scratchFolder()
    const out = join(folder, 'out')
    const child = new URL('../fixtures/publish/pack-child.ts', import.meta.url)
    const outcomes: string[] = []
    for (let delay = 0; delay < 4; delay++) {
      const packing = spawn(process.execPath, [child.pathname, join(folder, 'in'), out], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise((resolve) => packing.once('exit', resolve))
      await new Promise((resolve) => packing.stdout.once('data', resolve))
      // The child says when it begins; the kills fall on different moments of its work.
      await new Promise((resolve) => setTimeout(resolve, delay * 40))
      packing.kill('SIGKILL')
      await ended
      const names = (await readdir(out).catch(() => [])).filter((name) => !name.startsWith('.'))
      for (const name of names) expect((await verifyPackage(join(out, name))).failures).toEqual([])
      outcomes.push(names.join())
    }
    const done = execFileSync(process.execPath, [child.pathname, join(folder, 'in'), out], { encoding: 'utf8' })
    expect(await readdir(out)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
    expect((await verifyPackage(join(out, 'Kitchen-take-1'))).ok).toBe(true)
    expect(done).toContain('done')
    expect(outcomes).toContain('')
    expect(readFileSync(join(out, 'Kitchen-take-1', 'manifest.json')).length).toBeGreaterThan(0)
  })
})
