import { describe, expect, it } from 'vitest'
import type { CheckContext } from '../../../electron/engine/publish/checks/check.ts'
import { fitsBuyer } from '../../../electron/engine/publish/checks/buyer-profile.ts'
import { addressOfBytes } from '../../../electron/engine/publish/content/unixfs.ts'
import { viewProject } from '../../../electron/engine/publish/package/project-view.ts'
import type { ProbedStream, RecordingProbe } from '../../../electron/engine/publish/package/recording-probe.ts'
import { BUYER_PROFILES, buyerProfile } from '../../../electron/engine/publish/profiles/index.ts'
import type { Asset, Stream } from '../../../shared/document/records.ts'
import { clockRecord, projectRecord, streamRecord, timeMapRecord } from '../../fixtures/publish/project.ts'

const PICTURE: ProbedStream = {
  index: 0,
  kind: 'video',
  codec: 'h264',
  codecTag: 'avc1',
  profile: 'High',
  width: 1920,
  height: 1080,
  rotationDegrees: 0,
  pixelFormat: 'yuv420p',
  transfer: 'bt709',
  bFrames: 0,
  framesPerSecond: 29.97,
  isAttachedPicture: false,
}
const PROBE: RecordingProbe = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: 600,
  streams: [PICTURE],
  tags: [],
}

interface Take {
  readonly picture?: Partial<ProbedStream>
  readonly probe?: Partial<RecordingProbe>
  readonly imu?: Partial<Stream>
  readonly pose?: Partial<Stream>
  readonly sigmaSeconds?: number
  readonly profile?: string
}

const ASSET: Asset = {
  kind: 'asset',
  id: 'v',
  title: 'v',
  fileName: 'v.mp4',
  format: 'mp4',
  assetKind: 'recording',
  byteLength: 1,
  sha256: '0'.repeat(64),
  durationSeconds: 600,
  importedAt: '',
  take: null,
  warnings: [],
  metadata: {},
  missing: false,
}

async function finding(take: Take): Promise<{ ok: boolean; detail: string }> {
  const address = await addressOfBytes(new Uint8Array(1))
  const file = { path: 'media/v.mp4', bytes: 1, sha256: '', address, mediaType: 'video/mp4' }
  const probe = { ...PROBE, streams: [{ ...PICTURE, ...take.picture }], ...take.probe }
  const map = timeMapRecord('v', 0, { sigmaOffsetSeconds: 0 })
  const imuMap = { ...map, id: 'timeMap:imu', clockId: 'imu', sigmaOffsetSeconds: take.sigmaSeconds ?? 0.0005 }
  const view = viewProject([
    projectRecord(),
    ASSET,
    clockRecord('v'),
    { ...clockRecord('v'), id: 'imu' },
    streamRecord('v', { sensor: 'video', frameRate: { numerator: 30_000, denominator: 1001 } }),
    streamRecord('v', { sensor: 'imu', index: 1, clockId: 'imu', sampleRateHz: 99.7, ...take.imu }),
    streamRecord('v', { sensor: 'pose', index: 2, sampleRateHz: 60, ...take.pose }),
    map,
    imuMap,
  ])
  const context: CheckContext = {
    directory: '/nowhere',
    view,
    rights: null,
    licence: null,
    assets: [
      {
        asset: ASSET,
        path: file.path,
        isFolder: false,
        files: [file],
        address,
        locationRemovedFrom: [],
        probes: new Map([[file.path, probe]]),
        unreadable: [],
      },
    ],
    preview: { video: null, poster: null },
    profile: buyerProfile(take.profile ?? 'egocentric-baseline'),
    tools: { ffmpeg: null, ffprobe: null },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  }
  return fitsBuyer.run(context)
}

describe('buyer profiles', () => {
  it('are named once each, and say where their figures come from', () => {
    const ids = BUYER_PROFILES.map((profile) => profile.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('none')
    for (const profile of BUYER_PROFILES) expect(profile.source.length).toBeGreaterThan(10)
  })

  it('accept what fits, and anything where nobody in particular buys', async () => {
    expect(await finding({})).toMatchObject({ ok: true })
    expect(await finding({ profile: 'none', picture: { codec: 'hevc' }, probe: { durationSeconds: 1 } })).toMatchObject(
      { ok: true },
    )
  })

  const faults: [string, Take, RegExp][] = [
    ['another codec', { picture: { codec: 'hevc' } }, /codec hevc, wanted h264/],
    ['another container', { probe: { container: 'matroska,webm' } }, /container matroska,webm/],
    ['too few pixels', { picture: { width: 1280, height: 720 } }, /1280 x 720/],
    ['too few frames', { picture: { framesPerSecond: 24 } }, /24\.00 fps/],
    ['ten bits', { picture: { pixelFormat: 'yuv420p10le' } }, /yuv420p10le, wanted 8 bit/],
    ['HDR', { picture: { transfer: 'arib-std-b67' } }, /HDR/],
    ['an upright picture', { picture: { rotationDegrees: 90 } }, /upright/],
    ['B-frames', { picture: { bFrames: 2 } }, /B-frames/],
    ['too short', { probe: { durationSeconds: 119 } }, /119\.0 s/],
    ['too long', { probe: { durationSeconds: 3601 } }, /3601\.0 s/],
    ['no picture', { probe: { streams: [] } }, /there is no video/],
    ['a slow IMU', { imu: { sampleRateHz: 50 } }, /IMU at 50\.0 Hz, wanted 100/],
    ['an IMU that lies loosely', { sigmaSeconds: 0.0012 }, /within 1\.20 ms of the video, wanted 1\.00 ms/],
    ['an IMU that is not aligned', { imu: { clockId: 'other' } }, /IMU is not aligned/],
    ['a track whose device may have looked anywhere', { pose: { rotationUnknown: true } }, /camera path/],
    ['a loose camera path', { pose: { clockId: 'imu' }, sigmaSeconds: 0.05 }, /camera path lies within 50\.00 ms/],
  ]
  it.each(faults)('find %s', async (_, take, fault) => {
    const found = await finding(take)
    expect(found.ok).toBe(false)
    expect(found.detail).toMatch(fault)
  })
})
