/** Positions in the text that lies beside recordings: tracks, logs, tables. They are found, not removed. */
import { open } from 'node:fs/promises'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

const TRACK_FILES = /\.(gpx|kml|kmz|nmea|fit|ulo?g|tcx|geojson)$/i
const TEXT_FILES = /\.(csv|tsv|txt|json|jsonl|ya?ml|xml|srt|vtt|md|log|ini)$/i
const LOOK_BYTES = 1 << 20
const NAMED = /(^|[^a-z])(latitude|longitude|gps_?lat\w*|gps_?lon\w*|gps_?lng\w*)(?![a-z])/im
/** `lat` and `lon` are words of other things too: only together, as names of values or columns, do they mean a place. */
const SHORT_PAIR = /(?<![a-z])lat["']?\s*[:=,;\t][\s\S]{0,200}?(?<![a-z])(lon|lng|long)["']?\s*[:=,;\t\n]/i
const NMEA = /\$G[PNLA](GGA|RMC|GLL),/

/** Whether the name is one of text, or of a track in whatever form. */
export const mayBeText = (name: string): boolean => TRACK_FILES.test(name) || TEXT_FILES.test(name)

/** Why a text file seems to tell where something was recorded, or null. Reads at most its first mebibyte. */
export async function findTextLocation(path: string): Promise<Saying | null> {
  if (TRACK_FILES.test(path)) return say('check.location.track')
  if (!TEXT_FILES.test(path)) return null
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(LOOK_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, LOOK_BYTES, 0)
    const text = `\n${buffer.toString('utf8', 0, bytesRead)}`
    return NAMED.test(text) || SHORT_PAIR.test(text) || NMEA.test(text) ? say('check.location.coordinates') : null
  } finally {
    await handle.close()
  }
}
