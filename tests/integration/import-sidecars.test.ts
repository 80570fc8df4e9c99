import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportAnswer, SyncAnswer } from '../../shared/contract/answers.ts'
import { runCli, runJson } from '../fixtures/cli/run-cli.ts'
import { captions, gpx, olderFlight } from '../fixtures/import/track-fixtures.ts'
import { H264, makeClip, picture } from '../fixtures/media/clips.ts'

/** A card of a drone, as it is handed in: films, and beside them what was written down meanwhile. */
test('captions and tracks beside a film come to lie on its clock', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-card-'))
  try {
    const [card, home, project] = [join(folder, 'card'), join(folder, 'home'), join(folder, 'flight.asterism')]
    mkdirSync(card)
    const film = async (name: string, seconds: number) =>
      await makeClip(card, name, ...picture('64x48', '25', seconds), ...H264)
    await film('DJI_0001.MP4', 12)
    await film('DJI_0002.MP4', 20)
    await film('walk.mp4', 24)
    const perFrame = { count: 300, stepSeconds: 1 / 25 }
    writeFileSync(join(card, 'DJI_0001.SRT'), captions(olderFlight, '\n', perFrame))
    // Of another flight, whose number came round again.
    writeFileSync(
      join(card, 'DJI_0002.SRT'),
      captions((k) => olderFlight(k).replace('2025', '2024'), '\n', { count: 23, stepSeconds: 1 }),
    )
    writeFileSync(join(card, 'walk.gpx'), gpx({ version: '1.1', newline: '\n' }))
    expect((await runCli(home, ['init', project])).code).toBe(0)
    const imported = await runJson<ImportAnswer>(home, ['import', project, card])
    expect(imported).toMatchObject({ code: 0, answer: { refused: [] } })
    expect(imported.answer.beside).toEqual([])
    const names = new Map(imported.answer.assets.map(({ id, path }) => [id, basename(path)]))
    const durations = new Map(imported.answer.assets.map(({ path, duration_s: seconds }) => [basename(path), seconds]))
    expect(durations.get('DJI_0001.SRT')).toBe(12)

    const reference = imported.answer.assets.find(({ path }) => path.endsWith('DJI_0001.MP4'))!.id
    const { answer } = await runJson<SyncAnswer>(home, ['sync', project, '--reference', reference])
    const flown = answer.assets.find(({ asset }) => names.get(asset) === 'DJI_0001.SRT')!
    expect(flown).toMatchObject({ offset_s: 0, rate_ppm: 0, method: 'timecode' })
    expect(flown.sigma_offset_s).toBeCloseTo(1 / 25 / Math.sqrt(12), 3)
    expect(flown.confidence).toBeGreaterThan(0.95)
    const pairs = answer.pairs.map(({ a, b, ...pair }) => ({ names: [names.get(a), names.get(b)].toSorted(), ...pair }))
    const walk = pairs.find((pair) => pair.names.join() === 'walk.gpx,walk.mp4')!
    expect(walk).toMatchObject({ method: 'timecode', accepted: true })
    expect(Math.abs(walk.offset_s)).toBeCloseTo(0.5, 6)
    expect(pairs.filter((pair) => pair.names.includes('DJI_0002.SRT') && pair.names.includes('DJI_0002.MP4'))).toEqual(
      [],
    )
    const stray = answer.unsynced.find(({ asset }) => names.get(asset) === 'DJI_0002.SRT')
    expect(stray?.reason).toContain('lasts 23.0 s where that lasts 20.0 s')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what lies beside a film that is imported alone is told of, and comes along when that is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-beside-'))
  try {
    const [card, home, project] = [join(folder, 'card'), join(folder, 'home'), join(folder, 'walk.asterism')]
    mkdirSync(card)
    for (const [n, name] of ['walk.MP4', 'GX010007.MP4', 'GX020007.MP4'].entries())
      await makeClip(card, name, ...picture('64x48', '25', 1 + n), ...H264)
    writeFileSync(join(card, 'walk.gpx'), gpx({ version: '1.1', newline: '\n' }))
    writeFileSync(
      join(card, 'Walk.mp4.srt'),
      captions(() => 'words'),
    )
    for (const name of ['walk.thm', 'walk.jpg', 'walk2.gpx', '.walk.gpx', 'walk.pdf'])
      writeFileSync(join(card, name), 'x')
    const films = [join(card, 'walk.MP4'), join(card, 'GX010007.MP4')]
    expect((await runCli(home, ['init', project])).code).toBe(0)
    const alone = await runJson<ImportAnswer>(home, ['import', project, ...films])
    const told = alone.answer.beside.map(({ path, of }) => [basename(path), basename(of)])
    expect([alone.answer.assets.length, told]).toEqual([
      2,
      [
        ['GX020007.MP4', 'GX010007.MP4'],
        ['Walk.mp4.srt', 'walk.MP4'],
        ['walk.gpx', 'walk.MP4'],
      ],
    ])
    const more = await runJson<ImportAnswer>(home, ['import', project, '--beside', ...films])
    expect(more.answer.assets.map(({ path, already_imported: already }) => [basename(path), already])).toEqual([
      ['walk.MP4', true],
      ['GX010007.MP4', true],
      ['GX020007.MP4', false],
      ['walk.gpx', false],
    ])
    expect(more.answer.beside.map(({ path }) => basename(path))).toEqual(['Walk.mp4.srt'])
    expect(more.answer.edits).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
