/** Waveforms, thumbnails and proxies of the open project's assets, in the cache beside the project file. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireRecord, streamsOf } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { SCAN_SENSORS } from '../../../shared/document/seen-streams.ts'
import { encodePeaks } from '../../../shared/media/peaks-format.ts'
import { mediaOf, openAsset } from './asset-location.ts'
import { createMediaCache, type DerivedKey, type MediaCache } from '../media/cache.ts'
import { audioStream } from '../media/decode-audio.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import { computePeaks, PEAKS_VERSION } from '../media/peaks.ts'
import { probeMedia, type MediaProbe } from '../media/probe.ts'
import { makeProxy, needsProxy, PROXY_FILE, PROXY_VERSION } from '../media/proxy.ts'
import { makeThumbnails, sheetName, THUMBNAILS_INDEX, THUMBNAILS_VERSION } from '../media/thumbnails.ts'
import type { Session } from '../session.ts'
import { writeTurntable } from './scan-turntable.ts'

const PEAKS_FILE = 'peaks.bin'

/** One cache a folder: callers that ask at the same time share the work. */
const caches = new Map<string, MediaCache>()

function cacheOf(session: Session): MediaCache {
  const folder = session.cacheFolder()
  const known = caches.get(folder) ?? createMediaCache(folder)
  caches.set(folder, known)
  return known
}

/** The place of a stream among those of its kind in the whole recording. */
function indexInKind(session: Session, stream: Stream): number {
  return streamsOf(session.document, stream.assetId).filter(
    (each) => each.sensor === stream.sensor && each.index < stream.index,
  ).length
}

function keyOf(session: Session, stream: Stream, recipe: string, version: number): DerivedKey {
  const { sha256 } = requireRecord(session.document, 'asset', stream.assetId)
  return { sha256, recipe, version, variant: `${stream.sensor}-${indexInKind(session, stream)}` }
}

async function openedOf(
  session: Session,
  stream: Stream,
  signal: AbortSignal,
): Promise<{ readonly probe: MediaProbe; readonly rank: number }> {
  const { path, rank } = await mediaOf(session, stream)
  return { probe: await probeMedia(path, await session.tools(), signal), rank }
}

type OnProgress = (fraction: number) => void

export async function makePeaks(
  session: Session,
  stream: Stream,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<void> {
  await cacheOf(session).derive(keyOf(session, stream, 'peaks', PEAKS_VERSION), signal, async (directory) => {
    const { probe, rank } = await openedOf(session, stream, signal)
    const peaks = await computePeaks(await session.tools(), probe, {
      audioStreamIndex: rank,
      signal,
      onProgress,
    })
    const shift = clockShiftSeconds(stream, audioStream(probe, rank))
    await writeFile(join(directory, PEAKS_FILE), encodePeaks({ ...peaks, startSeconds: peaks.startSeconds + shift }))
  })
}

/** Of a film, picture by picture; of a scan, from all around. */
export async function makeStreamThumbnails(
  session: Session,
  stream: Stream,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<void> {
  await cacheOf(session).derive(keyOf(session, stream, 'thumbnails', THUMBNAILS_VERSION), signal, async (directory) => {
    if (SCAN_SENSORS.has(stream.sensor)) return await makeScanThumbnails(session, stream, directory, signal)
    const { probe, rank } = await openedOf(session, stream, signal)
    await makeThumbnails(await session.tools(), probe, directory, {
      videoStreamIndex: rank,
      clockStartSeconds: stream.startSeconds,
      signal,
      onProgress,
    })
  })
}

async function makeScanThumbnails(session: Session, stream: Stream, directory: string, signal: AbortSignal) {
  const { importer, source } = await openAsset(session, stream.assetId)
  const scan = await importer.loadScan?.(source, stream.index, { tools: await session.tools(), signal })
  if (scan) await writeTurntable(scan, directory, signal)
}

/** Only where a browser cannot play the recording, or it is larger than it needs to be. Says whether one was made. */
export async function makeStreamProxy(
  session: Session,
  stream: Stream,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<boolean> {
  const { probe } = await openedOf(session, stream, signal)
  if (!needsProxy(probe)) return false
  await cacheOf(session).derive(keyOf(session, stream, 'proxy', PROXY_VERSION), signal, async (directory) =>
    makeProxy(await session.tools(), probe, directory, { signal, onProgress }),
  )
  return true
}

async function inEntry(session: Session, key: DerivedKey, file: string): Promise<string | null> {
  const folder = await cacheOf(session).find(key)
  return folder && join(folder, file)
}

/** Null while it has not been made. */
export async function peaksFile(session: Session, stream: Stream): Promise<string | null> {
  return await inEntry(session, keyOf(session, stream, 'peaks', PEAKS_VERSION), PEAKS_FILE)
}

export async function thumbnailIndexFile(session: Session, stream: Stream): Promise<string | null> {
  return await inEntry(session, keyOf(session, stream, 'thumbnails', THUMBNAILS_VERSION), THUMBNAILS_INDEX)
}

export async function thumbnailSheetFile(session: Session, stream: Stream, sheet: number): Promise<string | null> {
  return await inEntry(session, keyOf(session, stream, 'thumbnails', THUMBNAILS_VERSION), sheetName(sheet))
}

export async function proxyFile(session: Session, stream: Stream): Promise<string | null> {
  return await inEntry(session, keyOf(session, stream, 'proxy', PROXY_VERSION), PROXY_FILE)
}
