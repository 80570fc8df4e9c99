import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import type { ImportedAsset } from '../../electron/engine/import/importer.ts'
import { measureExtents, measureFrameTiming } from '../../electron/engine/media/packet-walk.ts'
import { probeMedia } from '../../electron/engine/media/probe.ts'
import type { MediaProbe } from '../../electron/engine/media/probe.ts'
import { encodersOf } from '../../electron/engine/media/tool-features.ts'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { H264, makeClip, makeClips, noise, picture, withMediaFolder } from '../fixtures/media/clips.ts'

const signal = new AbortController().signal

async function probe(path: string): Promise<MediaProbe> {
  return probeMedia(path, await resolveMediaTools(), signal)
}

async function read(path: string): Promise<ImportedAsset> {
  return (await describe(path, { tools: await resolveMediaTools(), signal })).asset
}

suite('what recordings hold', () => {
  test('an ordinary recording', async () => {
    await withMediaFolder(async (folder) => {
      const tags = ['-metadata', 'creation_time=2024-02-29T12:00:00Z', '-timecode', '01:02:03:04']
      const path = await makeClip(
        folder,
        'a.mov',
        ...picture('320x180', '30000/1001', 2),
        ...noise(2),
        ...H264,
        '-c:a',
        'pcm_s16le',
        ...tags,
      )
      const asset = await read(path)
      expect(asset).toMatchObject({ format: 'mov', kind: 'recording', warnings: [] })
      expect(asset.durationSeconds).toBeCloseTo(2, 1)
      expect(asset.clocks).toEqual([
        {
          title: 'Container clock',
          source: 'container',
          epochUtcNanoseconds: '1709208000000000000',
          epochSource: 'container',
          timecode: { start: '01:02:03:04', rate: '30000/1001' },
        },
      ])
      expect(asset.streams[0]).toMatchObject({
        sensor: 'video',
        codec: 'h264',
        width: 320,
        height: 180,
        startSeconds: 0,
      })
      expect(asset.streams[0].frameRate).toEqual({ numerator: 30_000, denominator: 1_001 })
      expect(asset.streams[1]).toMatchObject({ sensor: 'audio', codec: 'pcm_s16le', sampleRateHz: 48_000, channels: 1 })
      expect(asset.metadata['hasLocation']).toBe(false)
    })
  })

  const FILMS = [
    ['a.mp4', [...H264, '-c:a', 'aac'], 'mp4'],
    ['a.mkv', [...H264, '-c:a', 'aac'], 'mkv'],
    ['a.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus'], 'webm'],
    ['a.avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'], 'avi'],
    ['a.mpg', ['-c:v', 'mpeg2video', '-c:a', 'mp2'], 'mpeg'],
    ['a.ts', [...H264, '-c:a', 'aac'], 'mpegts'],
    ['fragmented.mp4', [...H264, '-c:a', 'aac', '-movflags', '+frag_keyframe+empty_moov'], 'mp4'],
  ] as const
  test('films in every container', async () => {
    await withMediaFolder(async (folder) => {
      await makeClips(folder, [...picture('160x120', '25', 2), ...noise(2)], FILMS)
      for (const [name, , format] of FILMS) {
        const asset = await read(join(folder, name))
        expect(asset.format, name).toBe(format)
        expect(asset.streams.map(({ sensor }) => sensor).sort(), name).toEqual(['audio', 'video'])
        expect(Math.abs((asset.durationSeconds ?? 0) - 2), name).toBeLessThan(0.12)
        const codes = asset.warnings.map(({ code }) => code).filter((code) => code !== 'variable-frame-rate')
        expect(codes, name).toEqual([])
      }
    })
  })

  test('a long one, whose packets are read by themselves, is measured as a short one is', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.ts', ...picture('160x120', '25', 2), ...noise(2), ...H264, '-c:a', 'aac')
      const ffprobe = requireTool(await resolveMediaTools(), 'ffprobe')
      const limits = { signal, timeoutMilliseconds: 60_000 }
      const extents = await measureExtents(ffprobe, path, { ...limits, sampleRates: new Map([[1, 48_000]]) })
      const timing = await measureFrameTiming(ffprobe, path, 0, limits)
      const { streams, clockOriginSeconds } = await probe(path)
      for (const { streamIndex, startSeconds, endSeconds } of extents) {
        const stream = streams[streamIndex]!
        // The encoder's first block is no sound.
        const begun = stream.kind === 'audio' ? startSeconds + 1024 / 48_000 : startSeconds
        expect(stream.startSeconds).toBeCloseTo(begun - clockOriginSeconds, 5)
        expect(stream.durationSeconds).toBeCloseTo(endSeconds - begun, 5)
      }
      const { isVariable, keyframeIntervalSeconds } = timing
      expect(streams[0]).toMatchObject({ isVariableRate: isVariable, keyframeIntervalSeconds })
      expect(timing).toEqual({ isVariable: false, discardedCount: 0, keyframeIntervalSeconds: expect.closeTo(1.96, 2) })
    })
  })

  const SOUNDS = [
    ['a.wav', [], 'wav'],
    ['a.flac', [], 'flac'],
    ['a.mp3', [], 'mp3'],
    ['a.m4a', [], 'm4a'],
    ['a.aac', [], 'aac'],
    ['a.ogg', ['-c:a', 'libvorbis'], 'ogg'],
    ['a.opus', [], 'ogg'],
    ['a.aiff', [], 'aiff'],
    ['float.wav', ['-c:a', 'pcm_f32le'], 'wav'],
  ] as const
  test('sounds in every container', async () => {
    await withMediaFolder(async (folder) => {
      await makeClips(folder, noise(3), SOUNDS)
      for (const [name, , format] of SOUNDS) {
        const asset = await read(join(folder, name))
        expect(asset.format, name).toBe(format)
        expect(asset.streams, name).toHaveLength(1)
        // What fills the last block of ADTS is told nowhere.
        const most = name === 'a.opus' ? 1e-5 : 0.05
        expect(Math.abs((asset.durationSeconds ?? 0) - 3), name).toBeLessThan(most)
        expect(asset.warnings, name).toEqual([])
      }
    })
  })

  test('a live recording without a length in its header is measured', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'live.webm', ...noise(3), '-c:a', 'libopus', '-f', 'webm', '-live', '1')
      expect((await read(path)).durationSeconds).toBeCloseTo(3, 1)
    })
  })

  test('a turned picture', async () => {
    await withMediaFolder(async (folder) => {
      const flat = await makeClip(folder, 'flat.mp4', ...picture('160x120', '25', 1), ...H264)
      // Of the header written by ffmpeg, the matrix is exchanged for that of a phone held upright.
      const bytes = await readFile(flat)
      const track = bytes.indexOf('tkhd')
      const matrix = Buffer.alloc(36)
      ;[0, 65_536, 0, -65_536, 0, 0, 120 << 16, 0, 1 << 30].forEach((value, index) =>
        matrix.writeInt32BE(value, index * 4),
      )
      matrix.copy(bytes, track + 4 + 40)
      const path = join(folder, 'upright.mp4')
      await writeFile(path, bytes)
      const asset = await read(path)
      expect(asset.streams[0]).toMatchObject({ rotationDegrees: 90, width: 160, height: 120 })
    })
  })

  test('a variable frame rate is noticed, a constant one is not called variable', async () => {
    await withMediaFolder(async (folder) => {
      const drop = ['-vf', `select='not(between(n,20,32))'`, '-vsync', 'passthrough']
      const variable = await makeClip(folder, 'variable.mp4', ...picture('160x120', '25', 3), ...drop, ...H264)
      const steady = await makeClip(folder, 'steady.mkv', ...picture('160x120', '24000/1001', 3), ...H264)
      expect((await read(variable)).warnings.map(({ code }) => code)).toEqual(['variable-frame-rate'])
      expect((await read(steady)).warnings).toEqual([])
      expect((await probe(variable)).streams[0].frameCount).toBe(62)
    })
  })

  test('a stream that starts later says so', async () => {
    await withMediaFolder(async (folder) => {
      const late = ['-itsoffset', '0.5', ...noise(2), '-map', '0:v', '-map', '1:a']
      const path = await makeClip(
        folder,
        'late.mkv',
        ...picture('160x120', '25', 2),
        ...late,
        ...H264,
        '-c:a',
        'pcm_s16le',
      )
      const [video, audio] = (await read(path)).streams
      expect(video.startSeconds).toBeCloseTo(0, 3)
      expect(audio.startSeconds).toBeCloseTo(0.5, 3)
    })
  })

  test('HEVC, where it can be made', async () => {
    const ffmpeg = requireTool(await resolveMediaTools(), 'ffmpeg')
    const encoders = await encodersOf(ffmpeg, signal)
    await withMediaFolder(async (folder) => {
      const encoder = encoders.has('libx265') ? ['-c:v', 'libx265', '-x265-params', 'log-level=none'] : H264
      const path = await makeClip(folder, 'a.mp4', ...picture('160x120', '25', 1), ...encoder)
      expect((await read(path)).streams[0].codec).toBe(encoders.has('libx265') ? 'hevc' : 'h264')
    })
  })

  test('the samples since midnight of a sound recorder', async () => {
    await withMediaFolder(async (folder) => {
      const stamp = ['-write_bext', '1', '-metadata', `time_reference=${3_723 * 48_000 + 480}`]
      const asset = await read(await makeClip(folder, 'a.wav', ...noise(1), ...stamp))
      expect(asset.clocks[0].timecode).toEqual({ start: '01:02:03:480', rate: '48000/1' })
    })
  })
})

suite('bad recordings', () => {
  /** A sound film with its index in front; encoded once, a new copy each time. */
  let film: Promise<Buffer> | undefined
  async function clip(folder: string): Promise<string> {
    const encode = [...picture('320x240', '25', 3), ...noise(3), ...H264, '-movflags', '+faststart']
    film ??= withMediaFolder(async (own) => readFile(await makeClip(own, 'a.mp4', ...encode)))
    const path = join(folder, 'a.mp4')
    await writeFile(path, await film)
    return path
  }

  test('empty', async () => {
    await withMediaFolder(async (folder) => {
      const path = join(folder, 'a.mp4')
      await writeFile(path, '')
      await expect(read(path)).rejects.toMatchObject({ code: 'empty_file' })
      await expect(probe(path)).rejects.toMatchObject({ code: 'empty_file', path })
    })
  })

  test('text named like a video', async () => {
    await withMediaFolder(async (folder) => {
      const path = join(folder, 'a.mp4')
      await writeFile(path, 'This is no video at all.\n'.repeat(500))
      await expect(read(path)).rejects.toMatchObject({ code: 'unsupported_format' })
      await expect(probe(path)).rejects.toMatchObject({ code: 'unsupported_format', path })
    })
  })

  test('cut off before its index', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.mp4', ...picture('320x240', '25', 2), ...H264)
      await truncate(path, Math.floor((await stat(path)).size / 2))
      await expect(read(path)).rejects.toMatchObject({ code: 'corrupt_file', path, message: /moov/ })
    })
  })

  test('cut off behind its index: what is left is used, and its length is that of what is left', async () => {
    await withMediaFolder(async (folder) => {
      const path = await clip(folder)
      await truncate(path, Math.floor((await stat(path)).size * 0.6))
      const asset = await read(path)
      expect(asset.warnings.map(({ code }) => code)).toContain('truncated')
      expect(asset.durationSeconds).toBeGreaterThan(0.5)
      expect(asset.durationSeconds).toBeLessThan(2.7)
    })
  })

  test('sounds cut in the middle', async () => {
    await withMediaFolder(async (folder) => {
      const names = ['a.mkv', 'a.wav', 'a.flac']
      await makeClips(
        folder,
        noise(4),
        names.map((name) => [name, []]),
      )
      for (const name of names) {
        const path = join(folder, name)
        await truncate(path, Math.floor((await stat(path)).size / 2))
        const asset = await read(path)
        expect(
          asset.warnings.map(({ code }) => code),
          name,
        ).toContain('truncated')
        expect(asset.durationSeconds, name).toBeGreaterThan(1.5)
        expect(asset.durationSeconds, name).toBeLessThan(2.5)
      }
    })
  })

  test('whole headers around zeros', async () => {
    await withMediaFolder(async (folder) => {
      const path = await clip(folder)
      const bytes = await readFile(path)
      bytes.fill(0, bytes.indexOf('mdat') + 4)
      await writeFile(path, bytes)
      await expect(read(path)).rejects.toMatchObject({ code: 'corrupt_file' })
    })
  })

  test('without tracks', async () => {
    await withMediaFolder(async (folder) => {
      const path = await clip(folder)
      const bytes = await readFile(path)
      // A box of a type that nobody knows is skipped by every reader.
      for (let at = bytes.indexOf('trak'); at >= 0; at = bytes.indexOf('trak')) bytes.write('junk', at)
      await writeFile(path, bytes)
      await expect(read(path)).rejects.toMatchObject({ code: 'corrupt_file', message: /no tracks/ })
    })
  })

  test('a playlist that names other files is not followed', async () => {
    await withMediaFolder(async (folder) => {
      await makeClip(folder, 'part.ts', ...noise(1))
      const path = join(folder, 'list.mp4')
      await writeFile(path, '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n')
      await expect(probe(path)).rejects.toMatchObject({ code: 'unsupported_format' })
      await writeFile(path, `ffconcat version 1.0\nfile 'part.ts'\n`)
      await expect(probe(path)).rejects.toMatchObject({ code: 'unsupported_format' })
    })
  })

  test('a name that looks like an option or a protocol is a name', async () => {
    await withMediaFolder(async (folder) => {
      const good = await makeClip(folder, 'x.wav', ...noise(1))
      for (const name of ['-i.wav', 'concat:a|b.wav', 'http:x.wav', 'a%03d.wav', 'Ünï cödé \'"$(x).wav']) {
        const path = join(folder, name)
        await writeFile(path, await readFile(good))
        expect((await read(path)).format).toBe('wav')
      }
    })
  })

  test('named like another format: read for what it is, with a warning', async () => {
    await withMediaFolder(async (folder) => {
      const wav = await makeClip(folder, 'x.wav', ...noise(1))
      const path = join(folder, 'x.mp4')
      await writeFile(path, await readFile(wav))
      const asset = await read(path)
      expect([asset.format, asset.warnings.map(({ code }) => code)]).toEqual(['wav', ['mislabelled']])
    })
  })
})

suite('pictures', () => {
  const PICTURES = ['a.png', 'a.jpg', 'a.webp', 'a.gif', 'a.bmp', 'a.tiff']
  test('in every format', async () => {
    await withMediaFolder(async (folder) => {
      await makeClips(
        folder,
        picture('96x64', '25', 1),
        PICTURES.map((name) => [name, ['-frames:v', '1', ...(name === 'a.webp' ? ['-c:v', 'libwebp'] : [])]]),
      )
      for (const name of PICTURES) {
        const asset = await read(join(folder, name))
        expect(asset, name).toMatchObject({ kind: 'image', durationSeconds: null, warnings: [] })
        expect(asset.streams[0], name).toMatchObject({ sensor: 'image', width: 96, height: 64 })
      }
    })
  })

  test('a picture of absurd size is refused before it is decoded', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.png', ...picture('96x64', '25', 1), '-frames:v', '1')
      const file = await open(path, 'r+')
      await file.write(Buffer.from([0, 1, 0x5f, 0x90, 0, 1, 0x5f, 0x90]), 0, 8, 16)
      await file.close()
      await expect(read(path)).rejects.toMatchObject({ code: 'too_large' })
    })
  })

  test('a picture without picture data is refused', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.png', ...picture('96x64', '25', 1), '-frames:v', '1')
      await truncate(path, 60)
      await expect(read(path)).rejects.toMatchObject({ code: 'corrupt_file' })
    })
  })
})
