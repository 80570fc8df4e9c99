/** 20 tracks of 500 clips each, which no recording stands behind. */
import type { Engine } from '../../../electron/engine/engine.ts'
import type { DocumentRecord, Track } from '../../../shared/document/records.ts'
import { TICKS_PER_SECOND } from '../../../shared/units.ts'

const TRACKS = 20
export const CLIPS_A_TRACK = 500
export const CLIPS = TRACKS * CLIPS_A_TRACK

export async function makeLargeProject(engine: Engine): Promise<void> {
  await engine.client.projects.create({ title: 'Ten thousand clips' })
  const records: DocumentRecord[] = [
    {
      kind: 'asset',
      id: 'asset',
      title: 'made',
      fileName: 'made.csv',
      format: 'made',
      assetKind: 'data',
      byteLength: 1,
      sha256: '0'.repeat(64),
      durationSeconds: 1000,
      importedAt: '2026-01-01T00:00:00Z',
      take: null,
      warnings: [],
      metadata: {},
      missing: false,
    },
    {
      kind: 'clock',
      id: 'clock',
      assetId: 'asset',
      title: 'c',
      source: 'device',
      epochUtcNanoseconds: null,
      timecode: null,
    },
  ]
  for (let order = 0; order < TRACKS; order++) {
    const streamId = `stream-${order}`
    records.push({
      kind: 'stream',
      id: streamId,
      assetId: 'asset',
      clockId: 'clock',
      index: order,
      sensor: 'depth',
      startSeconds: 0,
      durationSeconds: 1000,
    })
    records.push(trackOf(order, streamId))
  }
  await engine.client.document.commit({
    label: 'Ten thousand clips',
    patches: records.map((record) => ({ op: 'add', path: [record.id], value: record })),
    baseRevision: 0,
  })
}

function trackOf(order: number, streamId: string): Track {
  const second = TICKS_PER_SECOND
  return {
    kind: 'track',
    id: `track-${order}`,
    title: `made ${order}`,
    sensor: 'depth',
    order,
    muted: false,
    locked: false,
    clips: Array.from({ length: CLIPS_A_TRACK }, (_, n) => ({
      id: `clip-${order}-${n}`,
      assetId: 'asset',
      streamId,
      startTicks: n * 2 * second,
      durationTicks: second + ((n * 7 + order) % 10) * (second / 10),
      sourceStartTicks: n * 2 * second,
      linkId: null,
    })),
  }
}
