/** Putting an edit or captions that came from elsewhere onto the timeline: one gesture each, so that one undo takes it back. */
import { ticksFromSeconds } from '../units.ts'
import { setSound, type ClipSound } from './clip-sound.ts'
import { recordsOf, streamsOf, type Document } from './document.ts'
import { SENSORS, type Asset, type Clip, type DocumentRecord, type Sensor, type Stream, type Track } from './records.ts'

type Draft = Map<string, DocumentRecord>

interface ForeignClip {
  readonly name: string
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly sourceStartSeconds: number
  readonly targetUrl: string | null
  readonly own: Readonly<Record<string, unknown>>
  readonly sound?: ClipSound
}

interface ForeignTrack {
  readonly name: string
  readonly kind: string
  readonly enabled: boolean
  readonly own: Readonly<Record<string, unknown>>
  readonly clips: readonly ForeignClip[]
}

interface ForeignMarker {
  readonly name: string
  readonly comment: string
  readonly color: string
  readonly atSeconds: number
  readonly durationSeconds: number
}

export interface ForeignEdit {
  readonly own: Readonly<Record<string, unknown>>
  readonly tracks: readonly ForeignTrack[]
  readonly markers: readonly ForeignMarker[]
}

export interface PlacedEdit {
  readonly tracks: number
  readonly clips: number
  readonly markers: number
  /** Media that the edit names and the project does not have. */
  readonly unmatched: readonly string[]
}

function sensorOf(track: ForeignTrack): Sensor {
  const own = SENSORS.find((sensor) => sensor === track.own['sensor'])
  if (own) return own
  const kind = track.kind.toLowerCase()
  return SENSORS.find((sensor) => sensor === kind) ?? 'video'
}

/** The last part of a URL, decoded; media are recognised by it whoever moved them. */
function fileNameOf(url: string): string {
  const last = url.split(/[/\\]/).at(-1) ?? url
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

/** The recording that another program means: by the name of its file, in any folder, or by its title. */
export function assetByName(document: Document, names: readonly (string | null)[]): Asset | null {
  const assets = recordsOf(document, 'asset')
  const plain = names.filter((name) => name !== null).map(fileNameOf)
  for (const field of ['fileName', 'title'] as const) {
    const found = plain.map((name) => assets.find((asset) => asset[field] === name)).find((asset) => asset)
    if (found) return found
  }
  return null
}

function assetOf(document: Document, clip: ForeignClip): Asset | null {
  const own = document.get(String(clip.own['asset'] ?? ''))
  return own?.kind === 'asset' ? own : assetByName(document, [clip.targetUrl, clip.name])
}

function streamOf(document: Document, asset: Asset, clip: ForeignClip, sensor: Sensor): Stream | null {
  const own = document.get(String(clip.own['stream'] ?? ''))
  if (own?.kind === 'stream' && own.assetId === asset.id) return own
  return streamsOf(document, asset.id).find((stream) => stream.sensor === sensor) ?? null
}

/**
 * Replaces the tracks and markers of the timeline by those of an edit. Clips whose media the project does not have are
 * left out and named.
 */
export function placeEdit(draft: Draft, edit: ForeignEdit, newId: () => string): PlacedEdit {
  const originSeconds = typeof edit.own['project_start_s'] === 'number' ? edit.own['project_start_s'] : 0
  const unmatched = new Set<string>()
  const taken = new Set<string>()
  /** Tracks that were ours are what they were: the cut between cameras, the commentary. */
  const trackId = (own: unknown): string => {
    const isOurs = typeof own === 'string' && own.startsWith('track:') && !taken.has(own)
    const id = isOurs && (draft.get(own)?.kind ?? 'track') === 'track' ? own : `track:${newId()}`
    taken.add(id)
    return id
  }
  const tracks = edit.tracks.map((track, order): Track => {
    const sensor = sensorOf(track)
    const clips = track.clips.flatMap((clip): Clip[] => {
      const asset = assetOf(draft, clip)
      const stream = asset && streamOf(draft, asset, clip, sensor)
      if (!asset || !stream) {
        unmatched.add(clip.targetUrl === null ? clip.name : fileNameOf(clip.targetUrl))
        return []
      }
      const startTicks = ticksFromSeconds(originSeconds + clip.startSeconds)
      const endTicks = ticksFromSeconds(originSeconds + clip.startSeconds + clip.durationSeconds)
      if (endTicks <= startTicks) return []
      const link = clip.own['link']
      const placed: Clip = {
        id: `clip:${newId()}`,
        assetId: asset.id,
        streamId: stream.id,
        startTicks,
        durationTicks: endTicks - startTicks,
        sourceStartTicks: ticksFromSeconds(clip.sourceStartSeconds),
        linkId: typeof link === 'string' ? link : null,
      }
      if (sensor === 'audio' && clip.sound) setSound(placed, clip.sound)
      return [placed]
    })
    return {
      kind: 'track',
      id: trackId(track.own['track']),
      title: track.name || sensor,
      sensor,
      order,
      muted: !track.enabled,
      locked: track.own['locked'] === true,
      clips,
    }
  })
  for (const record of Array.from(draft.values())) {
    if (record.kind === 'track' || record.kind === 'marker') draft.delete(record.id)
  }
  for (const track of tracks) draft.set(track.id, track)
  for (const marker of edit.markers) {
    const id = `marker:${newId()}`
    draft.set(id, {
      kind: 'marker',
      id,
      atTicks: ticksFromSeconds(originSeconds + marker.atSeconds),
      durationTicks: Math.max(0, ticksFromSeconds(marker.durationSeconds)),
      title: marker.name,
      color: marker.color,
      note: marker.comment,
    })
  }
  return {
    tracks: tracks.length,
    clips: tracks.reduce((sum, track) => sum + track.clips.length, 0),
    markers: edit.markers.length,
    unmatched: [...unmatched],
  }
}
