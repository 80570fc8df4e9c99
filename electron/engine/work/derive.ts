import { z } from 'zod'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { streamsOf } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { thumbnailStream } from '../../../shared/document/seen-streams.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { pathOfAsset } from '../assets/asset-location.ts'
import { makePeaks, makeStreamProxy, makeStreamThumbnails } from '../assets/derived-media.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'

interface Prepared {
  assetId: string
  /** Of the recording; jobs of earlier versions have none. */
  subject?: string | undefined
}

type Step = {
  readonly title: string
  readonly stage: Saying
  readonly make: (onProgress: (fraction: number) => void) => Promise<unknown>
}

/** Makes what the window shows of an asset: waveforms, thumbnails, and a proxy where a browser cannot play it. */
export const deriveWork: Work<'derive', Prepared> = {
  kind: 'derive',
  lane: 'background',
  resumesByItself: true,
  prepare: ({ assetId }, session) => {
    const asset = session.document.get(assetId)
    return { assetId, subject: asset?.kind === 'asset' ? asset.title : undefined }
  },
  title: () => 'Waveforms and thumbnails',
  about: ({ assetId, subject }) => ({ assetId, ...(subject !== undefined && { subject }) }),
  elsewhere: {
    prepared: z.strictObject({ assetId: z.string(), subject: z.string().optional() }),
    files: ({ assetId }, session) => [pathOfAsset(session, assetId)].filter((path) => path !== null),
    changes: [],
  },
  async run({ assetId }, session, { signal, progress }) {
    const streams = streamsOf(session.document, assetId)
    const seen = thumbnailStream(streams)
    // What is quick and seen first comes first: a proxy may take hours, or find no room.
    const steps = [
      ...streams.flatMap((stream) => lookOf(session, stream, stream === seen, signal)),
      ...streams.flatMap((stream) => proxyOf(session, stream, signal)),
    ]
    const made: string[] = []
    for (const [n, step] of steps.entries()) {
      throwIfCancelled(signal)
      const report = (fraction: number): void => progress((n + fraction) / steps.length, step.stage)
      report(0)
      if ((await step.make(report)) !== false) made.push(step.title)
    }
    return { made }
  },
}

function lookOf(session: Session, stream: Stream, isSeen: boolean, signal: AbortSignal): Step[] {
  if (stream.sensor === 'audio')
    return [
      { title: 'Waveform', stage: say('work.waveform'), make: (report) => makePeaks(session, stream, signal, report) },
    ]
  if (stream.sensor !== 'video' && !isSeen) return []
  return [
    {
      title: 'Thumbnails',
      stage: say('work.thumbnails'),
      make: (report) => makeStreamThumbnails(session, stream, signal, report),
    },
  ]
}

function proxyOf(session: Session, stream: Stream, signal: AbortSignal): Step[] {
  if (stream.sensor !== 'video') return []
  return [
    { title: 'Proxy', stage: say('work.proxy'), make: (report) => makeStreamProxy(session, stream, signal, report) },
  ]
}
