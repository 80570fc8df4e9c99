import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeMcap } from '../../fixtures/import/mcap-fixtures.ts'
import { zipOf } from '../../fixtures/import/zip-writer.ts'
import { clearImageLocation } from '../../../electron/engine/publish/location/image.ts'
import { findLocation, removeLocation } from '../../../electron/engine/publish/location/index.ts'
import { clearIsoMediaLocation } from '../../../electron/engine/publish/location/iso-media.ts'
import { findTextLocation } from '../../../electron/engine/publish/location/text.ts'
import { clearTiffLocation } from '../../../electron/engine/publish/location/tiff.ts'
import { exifWithPlace, filmWithPlace, jpegWithPlace, pngWithPlace } from '../../fixtures/publish/places.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

describe('positions in Exif', () => {
  it.each([true, false])('are taken out and the other tags stay (little-endian: %s)', (little) => {
    const tiff = exifWithPlace(little)
    expect(clearTiffLocation(tiff, false)).toBe(true)
    expect(clearTiffLocation(tiff, true)).toBe(true)
    expect(clearTiffLocation(tiff, false)).toBe(false)
    const read16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
    expect([read16(8), read16(10), read16(22)]).toEqual([2, 0x010f, 0x9999])
    expect(tiff.toString('latin1', 60, 68)).toBe('Camera1\0')
    expect(tiff.subarray(72, 160).every((byte) => byte === 0)).toBe(true)
  })

  it('never make damaged data throw or grow', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.nat({ max: 199 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: 200 }),
        (little, at, value, length) => {
          const tiff = exifWithPlace(little)
          tiff[at] = value
          clearTiffLocation(tiff.subarray(0, length), true)
        },
      ),
      { seed: 3, numRuns: 500 },
    )
  })
})

describe('positions in pictures', () => {
  it('leave a JPEG with its length, its comment and its picture', () => {
    const before = jpegWithPlace()
    const after = Buffer.from(before)
    expect(clearImageLocation(after, true)).toBe(true)
    expect(clearImageLocation(after, false)).toBe(false)
    expect(after.length).toBe(before.length)
    expect(after.includes('GPSLatitude')).toBe(false)
    expect(after.includes('a comment')).toBe(true)
    expect(after.subarray(-7).equals(before.subarray(-7))).toBe(true)
  })

  it('leave a PNG whose checksums hold', () => {
    const png = pngWithPlace()
    expect(clearImageLocation(png, true)).toBe(true)
    expect(clearImageLocation(png, false)).toBe(false)
    for (let at = 8; at < png.length;) {
      const length = png.readUInt32BE(at)
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)))
      at += 12 + length
    }
  })
})

describe('positions in films', () => {
  it('leave every other box where it is', async () => {
    const folder = await scratchFolder()
    const path = join(folder, 'film.mov')
    const before = filmWithPlace()
    await writeFile(path, before)
    expect(await clearIsoMediaLocation(path, false)).toBe(true)
    expect(await readFile(path)).toEqual(before)
    expect(await removeLocation(path)).toBe(true)
    expect(await clearIsoMediaLocation(path, false)).toBe(false)
    const after = await readFile(path)
    expect(after.length).toBe(before.length)
    const moov = after.subarray(after.indexOf('moov'))
    expect(moov.includes('+48.8583')).toBe(false)
    expect(moov.includes('GPSLatitude')).toBe(false)
    expect(moov.includes('Phone 9')).toBe(true)
    expect(after.includes('+48.8583 stays')).toBe(true)
  })

  it('are looked for in damaged films without a throw', async () => {
    const folder = await scratchFolder()
    const path = join(folder, 'film.mp4')
    const film = filmWithPlace()
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: film.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
        const damaged = Buffer.from(film)
        damaged[at] = value
        await writeFile(path, damaged)
        await clearIsoMediaLocation(path, true)
        expect((await readFile(path)).length).toBe(film.length)
      }),
      { seed: 4, numRuns: 100 },
    )
  })
})

describe('positions in text', () => {
  it.each([
    ['walk.gpx', 'whatever', true],
    ['flight.ulg', 'whatever', true],
    ['log.csv', 'time,latitude,longitude\n1,48.8,2.3\n', true],
    ['log.csv', 't;lat;lon\n0;48.8;2.3\n', true],
    ['meta.json', '{"location": {"lat": 48.85, "lng": 2.29}}', true],
    ['meta.json', '{"gps_latitude": 48.85}', true],
    ['nmea.txt', '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n', true],
    ['odometry.csv', 'timestamp, frame, x, y, z, qx, qy, qz, qw\n', false],
    ['imu.csv', 'timestamp, a_x, a_y, a_z, alpha_x\n', false],
    ['notes.txt', 'translate the plate, then the long shot', false],
    ['frames.json', '{"flat": 1, "belong": 2, "platform": 3}', false],
  ])('%s with %j: %s', async (name, text, found) => {
    const folder = await scratchFolder()
    await writeFile(join(folder, name), text)
    expect((await findTextLocation(join(folder, name))) !== null).toBe(found)
  })

  it('are found in recordings of messages by their kinds, packed ones too, in the index alone, and in an archive', async () => {
    const folder = await scratchFolder()
    const bytes = (): Uint8Array => Buffer.from('{}')
    const recorded = async (name: string, kind: string): Promise<string> =>
      await writeMcap(join(folder, name), 'zstd', [['/a', kind, 'json', bytes, 2]])
    const placed = await recorded('drive.mcap', 'sensor_msgs/msg/NavSatFix')
    expect(await findLocation(placed, null)).toMatchObject({ slots: { kind: 'NavSatFix' } })
    expect(await findLocation(await recorded('arm.mcap', 'sensor_msgs/msg/Imu'), null)).toBeNull()
    const long = join(folder, 'long.bag')
    await writeFile(long, Buffer.concat([Buffer.alloc(9 << 20), Buffer.from('type=sensor_msgs/NavSatFix')]))
    expect(await findLocation(long, null)).not.toBeNull()
    const archive = join(folder, 'drive.zip')
    await writeFile(archive, zipOf([{ name: 'drive.mcap', content: await readFile(placed), deflate: true }]))
    expect(await findLocation(archive, null)).not.toBeNull()
  })

  it('are found in what an archive holds, by the name that it has there, and leave nothing behind', async () => {
    const folder = await scratchFolder()
    const archive = async (...files: [name: string, content: string][]): Promise<string> => {
      const path = join(folder, `${files.length}.zip`)
      await writeFile(path, zipOf(files.map(([name, text]) => ({ name, content: Buffer.from(text), deflate: true }))))
      return path
    }
    const left = (): number => readdirSync(tmpdir()).filter((name) => name.startsWith('asterism-location-')).length
    const before = left()
    expect(await findLocation(await archive(['scan/notes.txt', 'the long shot']), null)).toBeNull()
    const found = await findLocation(
      await archive(['scan/notes.txt', 'nothing'], ['scan/meta.json', '{"gps_latitude": 48.85}']),
      null,
    )
    expect(found).toMatchObject({ slots: { name: 'scan/meta.json' } })
    const damaged = join(folder, 'damaged.zip')
    await writeFile(damaged, zipOf([{ name: 'meta.json', content: Buffer.from('{}'), checksum: 1 }]))
    await expect(findLocation(damaged, null)).rejects.toMatchObject({ code: 'corrupt_file' })
    expect(left()).toBe(before)
  })

  it('are found in a probe’s tags and telemetry tracks', async () => {
    const folder = await scratchFolder()
    const path = join(folder, 'clip.mkv')
    await writeFile(path, '')
    const probe = { container: 'matroska', durationSeconds: 1, streams: [], tags: [] }
    expect(await findLocation(path, probe)).toBeNull()
    expect((await findLocation(path, { ...probe, tags: [['LOCATION', '+48.8+002.3/']] }))?.slots?.['tag']).toBe(
      'LOCATION',
    )
    expect(await findLocation(path, { ...probe, tags: [['location', ' ']] })).toBeNull()
    const stream = { index: 2, kind: 'data', codec: 'bin_data', codecTag: 'gpmd', profile: '', width: 0, height: 0 }
    const gopro = {
      ...stream,
      rotationDegrees: 0,
      pixelFormat: '',
      transfer: '',
      bFrames: 0,
      framesPerSecond: 0,
      isAttachedPicture: false,
    }
    const found = await findLocation(path, { ...probe, streams: [gopro] })
    expect(found?.slots?.['telemetry']).toContain('GoPro')
  })
})
