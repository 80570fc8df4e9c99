/**
 * Where a recording was made: found in every file of a package and, where the format allows it without touching a
 * sample, taken out of the copy. The original is never changed.
 */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { clearImageLocation } from './image.ts'
import { clearIsoMediaLocation } from './iso-media.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { findMessageLocation, MESSAGE_FILES } from './messages.ts'
import { ARCHIVE, findPackedLocation } from './packed.ts'
import { findTextLocation, mayBeText } from './text.ts'
import type { RecordingProbe } from '../package/recording-probe.ts'

const ISO_MEDIA = /\.(mp4|m4v|mov|m4a|3gp|3g2|qt|insv|lrv)$/i
const IMAGE = /\.(jpe?g|heic|heif|avif|webp|tiff?|png|dng)$/i
/** Pictures are edited in memory; larger ones are only looked at by the probe. */
const MAX_IMAGE_BYTES = 256 * (1 << 20)
const PLACE_TAG = /location|gps|xyz|geotag|latitude|longitude/i
/** Sample formats of action cameras, drones and phones that may carry positions among other telemetry. */
const TELEMETRY = new Map<string, string>(
  Object.entries({
    gpmd: 'GoPro telemetry',
    camm: 'camera motion metadata',
    rtmd: 'Sony telemetry',
    djmd: 'DJI telemetry',
    dbgi: 'DJI telemetry',
  }),
)

/** Removes positions from a copied file, in place. Returns whether the file was changed. */
export async function removeLocation(path: string): Promise<boolean> {
  if (ISO_MEDIA.test(path)) return clearIsoMediaLocation(path, true)
  if (IMAGE.test(path) && (await stat(path)).size <= MAX_IMAGE_BYTES) {
    const image = await readFile(path)
    const changed = clearImageLocation(image, true)
    if (changed) await writeFile(path, image, { flush: true })
    return changed
  }
  return false
}

/**
 * What a file still tells of a place, as the end of a sentence that begins with its name; null when nothing was found.
 * @param probe What ffprobe says of the file, where it was asked.
 */
export async function findLocation(path: string, probe: RecordingProbe | null): Promise<Saying | null> {
  const tag = probe?.tags.find(([name, value]) => PLACE_TAG.test(name) && value.trim() !== '')
  if (tag !== undefined) return say('check.location.tag', { tag: tag[0] })
  const telemetry = probe?.streams.map((stream) => TELEMETRY.get(stream.codecTag)).find((title) => title !== undefined)
  if (telemetry !== undefined) return say('check.location.telemetry', { telemetry })
  if (ISO_MEDIA.test(path) && (await clearIsoMediaLocation(path, false))) return say('check.location.metadata')
  if (IMAGE.test(path) && (await stat(path)).size <= MAX_IMAGE_BYTES) {
    if (clearImageLocation(await readFile(path), false)) return say('check.location.exif')
  }
  if (MESSAGE_FILES.test(path)) return findMessageLocation(path)
  if (ARCHIVE.test(path)) return findPackedLocation(path, mayTell, (file) => findLocation(file, null))
  return findTextLocation(path)
}

const mayTell = (name: string): boolean =>
  ISO_MEDIA.test(name) || IMAGE.test(name) || MESSAGE_FILES.test(name) || mayBeText(name)
