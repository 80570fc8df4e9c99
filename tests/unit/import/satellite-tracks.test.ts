import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import {
  captions,
  droneFixtures,
  GIMBAL,
  gpx,
  gpxFixtures,
  kml,
  KML_ANGLES,
  kmlFixtures,
  nmea,
  nmeaFixtures,
  olderFlight,
  tcx,
  tcxFixtures,
  WALK,
  walkMetres,
} from '../../fixtures/import/track-fixtures.ts'
import {
  CAMERA,
  cameraFixture,
  cameraForce,
  cameraRate,
  cameraRecords,
  fitFile,
  walkRecords,
  watchFixtures,
} from '../../fixtures/import/fit-fixtures.ts'
import { attributeOf, xmlTags } from '../../../electron/engine/import/reading/xml-tags.ts'
import { zipOf } from '../../fixtures/import/zip-writer.ts'
import { readEdit } from '../../../electron/engine/work/import-edit.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'

async function load(write: (folder: string) => Promise<string>) {
  return withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describe(await write(folder), context)
    const each = asset.streams.map(({ sensor }, index) => ({ sensor, index }))
    const indices = (kind: string) => each.flatMap(({ sensor, index }) => (sensor === kind ? [index] : []))
    const paths = await Promise.all(indices('pose').map((index) => importer.loadPoses!(source, index, context)))
    const imus = await Promise.all(indices('imu').map((index) => importer.loadImu!(source, index, context)))
    const edit = await readEdit(source.path)
    return { asset, paths, imus, edit, codes: asset.warnings.map(({ code }) => code) }
  })
}

const loadText = (name: string, content: string | Uint8Array) =>
  load(async (folder) => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  })

/** What whole semicircles, and fifths of a metre, are off by at the most. */
const FIT_METRES = [0.0094, 0.11, 0.0094]

const WALK_NMEA = Array.from({ length: WALK.count }, (_, k) => nmea(k, 'GP'))

suite('tracks of satellite receivers', () => {
  test.each(
    [...gpxFixtures, ...kmlFixtures, ...tcxFixtures, ...nmeaFixtures, ...watchFixtures].map(
      (fixture) => [fixture.id, fixture] as const,
    ),
  )('%s is where and when it was', async (id, fixture) => {
    const { asset, paths, codes } = await load(
      async (folder) => await fixture.write(folder, { ffmpeg: null, ffprobe: null }),
    )
    const [path] = paths
    const turns = id === 'tracks-with-angles'
    expect(codes).toEqual([
      ...(['log', 'watch', 'big-endian'].includes(id) ? ['fixes_missing'] : []),
      ...(turns ? [] : ['rotation_unknown']),
    ])
    expect(asset.streams.map(({ sensor, rotationUnknown }) => [sensor, rotationUnknown])).toEqual([
      ['pose', turns ? undefined : true],
    ])
    expect(asset.metadata).toMatchObject({ hasLocation: true })
    expect(JSON.stringify(asset), 'where on Earth is not kept').not.toMatch(/33\.8|151\.[12]/)
    expect(asset.clocks[0]).toMatchObject({ source: 'utc', epochUtcNanoseconds: `${WALK.utcSeconds}000000000` })
    expect(path!.count).toBe(WALK.count)
    for (let k = 0; k < WALK.count; k++) {
      expect(path!.timesNanoseconds[k]).toBe(BigInt(k) * 1_000_000_000n)
      walkMetres(k).forEach((value, axis) =>
        expect(Math.abs(path!.positions[3 * k + axis]! - value)).toBeLessThan(
          asset.format === 'fit' ? FIT_METRES[axis]! : 5e-4,
        ),
      )
    }
  })

  test('GPX in several tracks is several paths in one frame, and a gap stays one', async () => {
    const one = gpx({ version: '1.1', newline: '', prefix: 'g:' })
    const track = /<g:trk>.*<\/g:trk>/.exec(one)![0]
    const later = track.replaceAll('2025-06-1', '2025-07-1').replaceAll('151.2', '151.3')
    const { asset, paths } = await loadText('two.gpx', one.replace(track, track + later))
    expect(asset.streams.map(({ title }) => title)).toEqual(['Walk & more', 'Walk & more'])
    expect(paths[0]!.positions[0]).toBe(0)
    expect(paths[1]!.positions[0]).toBeCloseTo(9254, 0)
    expect(paths[1]!.timesNanoseconds[0]).toBe(30n * 86_400n * 1_000_000_000n)
  })

  test('GPX without times has an order; points at 0, 0, outside of the Earth and without numbers are left out', async () => {
    const plain = gpx({ version: '1.1', newline: '\n' }).replaceAll(/<time>[^<]*<\/time>/g, '')
    const { asset, paths, codes } = await loadText('plan.gpx', plain)
    expect(asset.durationSeconds).toBeNull()
    expect(codes).toContain('no_times')
    expect(paths[0]!.count).toBe(WALK.count)
    const odd = gpx({ version: '1.1', newline: '\n' })
      .replace(/lat="[^"]*" lon='[^']*'/, 'lat="0" lon="0"')
      .replace('lat="-33.859980"', 'lat="NaN"')
      .replace('lat="-33.859960"', 'lat="-93"')
      .replace('<time>2025-06-14T23:59:55Z', '<time>0001-01-01T00:00:00Z')
    const left = await loadText('odd.gpx', odd)
    expect(left.paths[0]!.count).toBe(WALK.count - 4)
    expect(left.codes).toEqual(['samples_dropped', 'fixes_missing', 'rotation_unknown'])
  })

  test('GPX of ill will is refused or read within bounds', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_, n) => `<!ENTITY ${'abcdefghijklmnopqrstu'[n + 1]} "&${'abcdefghijklmnopqrstu'[n]};&${'abcdefghijklmnopqrstu'[n]};">`).join('')}]>`
    const named = gpx({ version: '1.1', newline: '' }).replace('<![CDATA[Walk & more]]>', '&u;')
    const { asset } = await loadText('bomb.gpx', bomb + named.slice(named.indexOf('<gpx')))
    expect(asset.streams[0]!.title).toBe('&u;')
    const deep = '<gpx><trk><trkseg>' + '<a>'.repeat(300_000)
    await expect(loadText('deep.gpx', deep)).rejects.toMatchObject({ code: 'empty_file' })
    await expect(loadText('open.gpx', '<gpx>' + '<!--'.repeat(300_000))).rejects.toMatchObject({ code: 'empty_file' })
    const route = '<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>'
    await expect(loadText('route.gpx', route)).rejects.toMatchObject({
      message: expect.stringMatching(/planned route/),
    })
    const cut = gpx({ version: '1.1', newline: '\n' })
    expect((await loadText('cut.gpx', cut.slice(0, cut.length / 2))).paths[0]!.count).toBeGreaterThan(8)
  })

  test('KML: turned as its angles say, headings alone are no turning, and lists that do not fit each other say so', async () => {
    const { paths } = await loadText('turned.kml', kml({ angles: true }))
    for (let k = 0; k < WALK.count; k++) {
      const [heading, tilt] = KML_ANGLES(k).map((degrees) => (degrees * Math.PI) / 180) as [number, number]
      const back = rotationFromQuaternion(paths[0]!.rotations, 4 * k).slice(6)
      const looks = [Math.sin(heading) * Math.cos(tilt), -Math.sin(tilt), -Math.cos(heading) * Math.cos(tilt)]
      looks.forEach((value, axis) => expect(-back[axis]!).toBeCloseTo(value, 9))
    }
    const rolled = await loadText('rolled.kml', kml({ angles: true }).replaceAll(/angles>\S+ 30 0</g, 'angles>0 0 90<'))
    expect(rotationFromQuaternion(rolled.paths[0]!.rotations, 0).slice(0, 3).map(Math.round)).toEqual([0, 1, 0])
    const level = await loadText('level.kml', kml({ angles: true }).replaceAll(' 30 0<', ' 0 0<'))
    expect(level.codes).toEqual(['headings_alone', 'rotation_unknown'])
    expect(level.asset.streams[0]).toMatchObject({ rotationUnknown: true, title: 'Walk & more' })
    const short = kml()
      .replace(/<gx:coord>[^<]*<\/gx:coord>\n<Ext/, '<Ext')
      .replace(/(<gx:coord>)[^<]*/, '$1')
    const left = await loadText('short.kml', short.replaceAll('.000Z<', '<').replace('absolute', 'relativeToGround'))
    expect(left.paths[0]!.count).toBe(WALK.count - 2)
    expect(left.codes).toEqual([
      'zone_assumed',
      'heights_over_ground',
      'samples_dropped',
      'fixes_missing',
      'rotation_unknown',
    ])
    const cut = await loadText('cut.kml', kml().slice(0, kml().indexOf('</gx:coord>', 2500)))
    expect(cut.paths[0]!.count).toBeGreaterThan(8)
  })

  test('KML that was drawn, TCX that was planned or recorded indoors, and KMZ of ill will are refused by their reason', async () => {
    const drawn = kml().replaceAll(
      /<gx:Track>[^]*<\/gx:Track>/g,
      '<LineString><coordinates>1,2 3,4</coordinates></LineString>',
    )
    await expect(loadText('line.kml', drawn)).rejects.toMatchObject({ message: expect.stringMatching(/lines or/) })
    await expect(loadText('course.tcx', tcx().replaceAll('Activity', 'Course'))).rejects.toMatchObject({
      message: expect.stringMatching(/planned route/),
    })
    const indoors = tcx().replaceAll(/<Position>.*?<\/Position>/g, '')
    await expect(loadText('treadmill.tcx', indoors)).rejects.toMatchObject({
      code: 'empty_file',
      message: expect.stringMatching(/indoors/),
    })
    const lost = await loadText('tunnel.tcx', tcx().replace(/<Position>.*?<\/Position>/, ''))
    expect([lost.paths[0]!.count, lost.codes]).toEqual([WALK.count - 1, ['fixes_missing', 'rotation_unknown']])
    const packed = { name: 'doc.kml', content: Buffer.from(kml()), deflate: true }
    const lies = zipOf([{ ...packed, claimedBytes: 2 ** 31 }])
    await expect(loadText('bomb.kmz', lies)).rejects.toMatchObject({ code: 'too_large' })
    const less = zipOf([{ ...packed, claimedBytes: 100 }])
    await expect(loadText('more.kmz', less)).rejects.toMatchObject({ code: 'corrupt_file' })
    const pictures = zipOf([{ name: 'files/a.png', content: Buffer.from('x') }])
    await expect(loadText('none.kmz', pictures)).rejects.toMatchObject({ code: 'empty_file' })
  })

  test('tags: quotes hold what ends tags, remarks and foreign characters what begins them', () => {
    const read = (text: string) => [...xmlTags(text)].map((tag) => [tag.kind, tag.prefix, tag.name, tag.text])
    expect(
      read(`<?xml version="1.0"?><!-- <no> --><a:b c="1 > 0" d='/'>x<!-- > -->y<![CDATA[<z>]]>w<e/></a:b>`),
    ).toEqual([
      ['open', 'a', 'b', 'xy<z>w'],
      ['empty', '', 'e', ''],
      ['close', 'a', 'b', ''],
    ])
    expect(attributeOf([...xmlTags(`<p latt="1" lat = '2>' />`)][0]!, 'lat')).toBe('2>')
    expect(read('<a b="><c>1<d <e>2</')).toEqual([
      ['open', '', 'a', ''],
      ['open', '', 'c', '1'],
      ['open', '', 'e', '2'],
    ])
    for (const part of ['<', '<a ', '<!--', '<![CDATA[', '<a b="', "<a '>", '</', '<a b=">"'])
      expect(read(part.repeat(50_000)).length).toBeLessThan(50_001)
  })

  test('NMEA: damaged and cut sentences are counted, a log without a day counts from midnight', async () => {
    const lines = WALK_NMEA.flat()
    const damaged = lines.map((line, n) =>
      n === 8 ? line.replace('A,33', 'A,34') : n === 10 ? line.slice(0, 30) : line,
    )
    const { paths, asset, codes } = await loadText('log.txt', damaged.join('\n'))
    expect(paths[0]!.count).toBe(WALK.count - 1)
    expect(codes).toEqual(['lines_damaged', 'rotation_unknown'])
    expect(asset.warnings[0]!.message).toMatch(/^2 of its 96 /)
    const undated = await loadText('day.log', lines.filter((line) => !line.includes('RMC')).join('\n'))
    expect(undated.asset.clocks[0]).toMatchObject({ source: 'device', epochUtcNanoseconds: null })
    expect(undated.codes).toContain('day_unknown')
    expect(undated.asset.durationSeconds).toBe(WALK.count - 1)
  })

  test('NMEA: fixes before the day is named belong to it, and a receiver that lost count has none', async () => {
    const first = WALK_NMEA.slice(0, 12).map((lines) => lines.filter((line) => !line.includes('RMC')))
    const { asset, paths } = await loadText('late.nmea', [...first, ...WALK_NMEA.slice(12)].flat().join('\r\n'))
    expect(asset.clocks[0]!.epochUtcNanoseconds).toBe(`${WALK.utcSeconds}000000000`)
    expect(paths[0]!.count).toBe(WALK.count)
    const old = WALK_NMEA.flat().map((line) => line.replace(/,\d{6},,,A\*..$/, ',060180,,,A'))
    const lost = await loadText('old.nmea', old.map((line) => line.replace(/\*..$/, '')).join('\n'))
    expect(lost.codes).toContain('day_unknown')
    await expect(
      loadText(
        'none.nmea',
        nmea(0, 'GN', false)
          .concat(nmea(1, 'GN', false))
          .join('\n'),
      ),
    ).rejects.toMatchObject({
      code: 'empty_file',
    })
  })

  test.each(droneFixtures.map((fixture) => [fixture.id, fixture] as const))(
    '%s flew where it says',
    async (id, fixture) => {
      const { asset, paths, codes, edit } = await load(
        async (folder) => await fixture.write(folder, { ffmpeg: null, ffprobe: null }),
      )
      const turns = id === 'newer-drone' || id === 'survey-drone'
      const dated = id !== 'survey-drone'
      expect(edit, 'a recording, no captions').toBeNull()
      expect(codes).toEqual([...(dated ? ['zone_assumed'] : []), ...(turns ? [] : ['rotation_unknown'])])
      expect(asset.streams[0]!.rotationUnknown).toBe(turns ? undefined : true)
      expect(asset.clocks[0]).toMatchObject({
        source: 'container',
        epochUtcNanoseconds: dated ? expect.stringMatching(new RegExp(`^${WALK.utcSeconds}`)) : null,
      })
      const [path] = paths
      for (let k = 0; k < WALK.count; k++) {
        expect(path!.timesNanoseconds[k]).toBe(BigInt(k) * 1_000_000_000n)
        walkMetres(k).forEach((value, axis) => expect(path!.positions[3 * k + axis]).toBeCloseTo(value, 3))
        if (!turns) continue
        const [yaw, pitch] = [GIMBAL.yawStep * k, GIMBAL.pitch].map((degrees) => (degrees * Math.PI) / 180) as [
          number,
          number,
        ]
        const back = rotationFromQuaternion(path!.rotations, 4 * k).slice(6)
        const looks = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch)]
        looks.forEach((value, axis) => expect(-back[axis]!).toBeCloseTo(value, 9))
      }
    },
  )

  test('captions that speak of places once stay captions; a flight without a fix is refused', async () => {
    const spoken = captions((k) => (k === 3 ? 'We met at GPS(1.0,2.0,3)' : 'words'))
    await withFolder(async (folder) => {
      const path = join(folder, 'talk.srt')
      await writeFile(path, spoken)
      expect((await readEdit(path))?.format).toBe('srt')
      await writeFile(path, Buffer.from(`\ufeff${spoken}`, 'utf16le'))
      expect((await readEdit(path))?.format, 'of a program of Windows').toBe('srt')
    })
    const lettered = await loadText(
      'm.srt',
      captions((k) => `GPS(${(36.6 + 1e-4 * k).toFixed(4)},-6.1120,0.0M) BAROMETER:${k}.5M`),
    )
    expect(lettered.paths[0]!.positions[5], 'north, which the first number is before an M').toBeCloseTo(-11.1, 1)
    const nowhere = captions(() => '[latitude: 0.000000] [longitude: 0.000000] [rel_alt: 1.0 abs_alt: 2.0]')
    await expect(loadText('none.srt', nowhere)).rejects.toMatchObject({ code: 'empty_file' })
    const some = captions((k) => (k < 4 ? '[latitude: 0.0] [longitude: 0.0]' : olderFlight(k)))
    const { paths, codes } = await loadText('late.srt', some)
    expect(paths[0]!.count).toBe(WALK.count - 4)
    expect(codes).toContain('fixes_missing')
  })

  test('a camera that counts from when it was switched on is tied to UTC, and its counts are calibrated', async () => {
    const { asset, imus } = await load(
      async (folder) => await cameraFixture.write(folder, { ffmpeg: null, ffprobe: null }),
    )
    const [turns, forces] = imus
    expect(turns!.count).toBe(CAMERA.bundles * CAMERA.each)
    expect(asset.clocks[0]).toMatchObject({ source: 'device', epochSource: 'satellite' })
    const start = CAMERA.utcSeconds + 0.5 + 0.25
    const first = Number(BigInt(asset.clocks[0]!.epochUtcNanoseconds!) + turns!.timesNanoseconds[0]!) / 1e9
    expect(first).toBeCloseTo(start, 3)
    for (let k = 0; k < turns!.count; k++) {
      expect(turns!.timesNanoseconds[k]! - turns!.timesNanoseconds[0]!).toBe(BigInt(k) * 50_000_000n)
      cameraRate(k).forEach((value, axis) => expect(turns!.rotationRates![3 * k + axis]).toBeCloseTo(value, 9))
      cameraForce(k).forEach((value, axis) => expect(forces!.accelerations![3 * k + axis]).toBeCloseTo(value, 5))
    }
    const raw = await loadText('raw.fit', fitFile(cameraRecords(false)))
    expect(raw.codes).toContain('uncalibrated')
    expect(raw.imus).toHaveLength(1)
  })

  test('FIT: two files in one, a wrong checksum, a size that was never written, a cut', async () => {
    const walk = fitFile(walkRecords(true))
    const chained = await loadText('chained.fit', Buffer.concat([fitFile(cameraRecords()), walk]))
    expect(chained.asset.streams.map(({ sensor }) => sensor)).toEqual(['pose', 'imu', 'imu'])
    const wrong = Buffer.from(walk)
    wrong[wrong.length - 1]! ^= 1
    expect((await loadText('wrong.fit', wrong)).codes).toContain('checksum_wrong')
    const unfinished = Buffer.from(walk.subarray(0, walk.length - 2))
    unfinished.writeUInt32LE(0, 4)
    const left = await loadText('unfinished.fit', unfinished)
    expect([left.paths[0]!.count, left.codes]).toEqual([
      WALK.count,
      ['broken_off', 'fixes_missing', 'rotation_unknown'],
    ])
    const cut = await loadText('cut.fit', walk.subarray(0, Math.floor(walk.length / 2)))
    expect(cut.codes).toContain('broken_off')
    expect(cut.paths[0]!.count).toBeGreaterThan(5)
  })
})
