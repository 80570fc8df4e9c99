/**
 * FCPXML 1.9, which Final Cut Pro and Resolve open: the edit as a project, the aligned recordings as a multicam clip whose
 * angles begin at their measured offsets, and a sync clip of the first picture with every other sound below it. Times are
 * rational seconds; pictures lie on whole frames of the sequence, sounds on samples of 48 kHz.
 */
import { XMLBuilder } from 'fast-xml-parser'
import { isAsRecorded } from '../../../../shared/document/clip-sound.ts'
import type { Asset, Clip, Marker, Stream } from '../../../../shared/document/records.ts'
import { secondsFromTicks, TICKS_PER_SECOND, type FrameRate } from '../../../../shared/units.ts'
import { isDropFrame } from '../../../../shared/timecode.ts'
import type { ProjectView } from '../package/project-view.ts'

const SOUND_HZ = 48_000

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | undefined>>
  readonly children?: readonly Node[]
}

/** Readers turn every line break and tab of an attribute into a space unless it is written as a reference (XML 1.0, 3.3.3). */
const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** What no XML 1.0 document may hold, by reference neither (2.2): most control characters, and two that are no letters. */
const NO_XML = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu

function attributeText(value: string): string {
  return value
    .toWellFormed()
    .replace(NO_XML, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (letter) => REFERENCES[letter] ?? `&#${letter.charCodeAt(0)};`)
}

/** Elements in the order in which they are given, as the builder of ordered documents wants them. */
function ordered(node: Node): Record<string, unknown> {
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [[`@_${key}`, attributeText(value)]],
    ),
  )
  const children: unknown[] = (node.children ?? []).map(ordered)
  return { [node.name]: children, ':@': attributes }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

function rational(numerator: number, denominator: number): string {
  if (numerator === 0) return '0s'
  const common = greatestDivisor(Math.abs(numerator), denominator)
  return denominator === common ? `${numerator / common}s` : `${numerator / common}/${denominator / common}s`
}

/** A time on a grid of `perSecond` steps. */
class Grid {
  readonly #rate: FrameRate

  constructor(rate: FrameRate) {
    this.#rate = rate
  }

  fromSeconds(seconds: number): string {
    const { numerator, denominator } = this.#rate
    return rational(Math.round((seconds * numerator) / denominator) * denominator, numerator)
  }

  fromTicks(ticks: number): string {
    return this.fromSeconds(ticks / TICKS_PER_SECOND)
  }
}

/** Pictures lie on whole frames, sounds on whole samples. */
interface Grids {
  readonly frames: Grid
  readonly samples: Grid
}

interface Media {
  readonly asset: Asset
  readonly id: string
  readonly url: string
  readonly video: Stream | undefined
  readonly audio: Stream | undefined
  /** From the earliest of its streams, seconds of its clock. */
  readonly startSeconds: number
  readonly durationSeconds: number
}

export interface FcpxmlOptions {
  readonly rate: FrameRate
  readonly width: number
  readonly height: number
  urlOf(assetId: string): string
}

function mediaOf(view: ProjectView, options: FcpxmlOptions): Media[] {
  return view.assets
    .flatMap((asset) => {
      const streams = view
        .streamsOf(asset.id)
        .filter((stream) => (stream.sensor === 'video' || stream.sensor === 'audio') && stream.durationSeconds !== null)
      if (streams.length === 0) return []
      const startSeconds = Math.min(...streams.map((stream) => stream.startSeconds))
      const endSeconds = Math.max(...streams.map((stream) => stream.startSeconds + (stream.durationSeconds ?? 0)))
      return [
        {
          asset,
          id: '',
          url: options.urlOf(asset.id),
          video: streams.find((stream) => stream.sensor === 'video'),
          audio: streams.find((stream) => stream.sensor === 'audio'),
          startSeconds,
          durationSeconds: endSeconds - startSeconds,
        },
      ]
    })
    .map((media, n) => ({ ...media, id: `r${n + 2}` }))
}

function assetNode(media: Media, { frames, samples }: Grids): Node {
  const { asset, video, audio } = media
  const grid = video ? frames : samples
  return {
    name: 'asset',
    attributes: {
      id: media.id,
      name: asset.title,
      uid: asset.sha256.slice(0, 32).toUpperCase(),
      start: '0s',
      duration: grid.fromSeconds(media.durationSeconds),
      hasVideo: video ? '1' : undefined,
      format: video ? 'r1' : undefined,
      hasAudio: audio ? '1' : undefined,
      audioSources: audio ? '1' : undefined,
      audioChannels: audio ? String(audio.channels ?? 2) : undefined,
      audioRate: audio ? String(Math.round(audio.sampleRateHz ?? SOUND_HZ)) : undefined,
    },
    children: [{ name: 'media-rep', attributes: { kind: 'original-media', src: media.url } }],
  }
}

function markerNode(marker: Marker, frames: Grid, frameSeconds: number): Node {
  return {
    name: 'marker',
    attributes: {
      start: frames.fromTicks(marker.atTicks),
      duration: frames.fromSeconds(Math.max(frameSeconds, secondsFromTicks(marker.durationTicks))),
      value: marker.title,
      note: marker.note || undefined,
    },
  }
}

/** Where a recording begins in the project by its clock's map. */
function placeOf(view: ProjectView, media: Media): number {
  const clockId = (media.video ?? media.audio)?.clockId ?? ''
  const map = view.timeMapOf(clockId)
  return map === undefined ? media.startSeconds : map.offsetSeconds + (1 + map.ratePpm * 1e-6) * media.startSeconds
}

function clipNode(media: Media, clip: Clip, lane: number, origin: number, { frames, samples }: Grids): Node {
  const isSound = lane < 0
  const grid = isSound ? samples : frames
  return {
    name: 'asset-clip',
    attributes: {
      ref: media.id,
      lane: String(lane),
      offset: grid.fromTicks(clip.startTicks - origin),
      name: media.asset.title,
      start: grid.fromSeconds(secondsFromTicks(clip.sourceStartTicks) - media.startSeconds),
      duration: grid.fromTicks(clip.durationTicks),
      srcEnable: isSound ? 'audio' : 'video',
      audioRole: isSound ? 'dialogue' : undefined,
    },
    children: isSound && !isAsRecorded(clip) ? [volumeNode(clip, samples)] : [],
  }
}

/** How loud a sound is, with its fades. */
function volumeNode({ gainDb = 0, fadeInTicks, fadeOutTicks }: Clip, samples: Grid): Node {
  const amount = `${gainDb}dB`
  const fade = (name: string, ticks: number | undefined): Node[] =>
    ticks === undefined ? [] : [{ name, attributes: { duration: samples.fromTicks(ticks) } }]
  const fades = [...fade('fadeIn', fadeInTicks), ...fade('fadeOut', fadeOutTicks)]
  const parameter: Node = { name: 'param', attributes: { name: 'amount', value: amount }, children: fades }
  return { name: 'adjust-volume', attributes: { amount }, children: fades.length > 0 ? [parameter] : [] }
}

/** An angle a recording, each behind a gap as long as its measured offset. */
function multicam(view: ProjectView, media: readonly Media[], { frames, samples }: Grids): Node {
  const origin = Math.min(...media.map((each) => placeOf(view, each)))
  return {
    name: 'media',
    attributes: { id: `r${media.length + 2}`, name: `${view.project.title} aligned` },
    children: [
      {
        name: 'multicam',
        attributes: { format: 'r1', tcStart: '0s', tcFormat: 'NDF' },
        children: media.map((each): Node => {
          const grid = each.video ? frames : samples
          const gap = placeOf(view, each) - origin
          const offset = grid.fromSeconds(gap)
          const lead: Node = { name: 'gap', attributes: { name: 'Gap', offset: '0s', start: '0s', duration: offset } }
          return {
            name: 'mc-angle',
            attributes: { name: each.asset.title, angleID: each.asset.sha256.slice(0, 22) },
            children: [
              ...(offset === '0s' ? [] : [lead]),
              {
                name: 'asset-clip',
                attributes: {
                  ref: each.id,
                  offset,
                  name: each.asset.title,
                  start: '0s',
                  duration: grid.fromSeconds(each.durationSeconds),
                },
              },
            ],
          }
        }),
      },
    ],
  }
}

/** The first picture with the sounds of the other recordings at their places below it. */
function syncClip(view: ProjectView, media: readonly Media[], { frames, samples }: Grids): Node | null {
  const main = media.find((each) => each.video)
  const others = media.filter((each) => each !== main && each.audio && !each.video)
  if (!main || others.length === 0) return null
  const origin = placeOf(view, main)
  const end = origin + main.durationSeconds
  const children = others.flatMap((each, n): Node[] => {
    const start = Math.max(origin, placeOf(view, each))
    const stop = Math.min(end, placeOf(view, each) + each.durationSeconds)
    if (stop <= start) return []
    return [
      {
        name: 'asset-clip',
        attributes: {
          ref: each.id,
          lane: String(-1 - n),
          offset: samples.fromSeconds(start - origin),
          name: each.asset.title,
          start: samples.fromSeconds(start - placeOf(view, each)),
          duration: samples.fromSeconds(stop - start),
          audioRole: 'dialogue',
        },
      },
    ]
  })
  if (children.length === 0) return null
  const duration = frames.fromSeconds(main.durationSeconds)
  return {
    name: 'sync-clip',
    attributes: { name: `${main.asset.title} synchronized`, start: '0s', duration, format: 'r1', tcFormat: 'NDF' },
    children: [
      {
        name: 'asset-clip',
        attributes: { ref: main.id, offset: '0s', name: main.asset.title, start: '0s', duration },
        children,
      },
    ],
  }
}

/** The timeline: a gap as long as the project, to which every clip is connected on the lane of its track. */
function sequenceNode(view: ProjectView, media: readonly Media[], rate: FrameRate, grids: Grids): Node {
  const { frames } = grids
  const byAsset = new Map(media.map((each) => [each.asset.id, each]))
  const tracks = view.tracks.filter((track) => !track.muted && (track.sensor === 'video' || track.sensor === 'audio'))
  const clips = tracks.flatMap((track) => track.clips)
  const origin = Math.min(0, ...clips.map((clip) => clip.startTicks))
  const end = Math.max(origin, ...clips.map((clip) => clip.startTicks + clip.durationTicks))
  const pictures = tracks.filter((track) => track.sensor === 'video')
  const sounds = tracks.filter((track) => track.sensor === 'audio')
  const laned = [
    // The topmost track has the highest lane.
    ...pictures.map((track, n) => ({ track, lane: pictures.length - n })),
    ...sounds.map((track, n) => ({ track, lane: -1 - n })),
  ]
  const placed = laned.flatMap(({ track, lane }) =>
    track.clips.flatMap((clip) => {
      const found = byAsset.get(clip.assetId)
      return found ? [clipNode(found, clip, lane, origin, grids)] : []
    }),
  )
  const frameSeconds = rate.denominator / rate.numerator
  const markers = view.markers.map((marker) =>
    markerNode({ ...marker, atTicks: marker.atTicks - origin }, frames, frameSeconds),
  )
  const duration = frames.fromTicks(end - origin)
  const gap: Node = {
    name: 'gap',
    attributes: { name: 'Gap', offset: '0s', start: '0s', duration },
    children: [...placed, ...markers],
  }
  return {
    name: 'sequence',
    attributes: {
      format: 'r1',
      duration,
      tcStart: '0s',
      tcFormat: isDropFrame(rate) ? 'DF' : 'NDF',
      audioLayout: 'stereo',
      audioRate: '48k',
    },
    children: [{ name: 'spine', attributes: {}, children: [gap] }],
  }
}

/** What the library shows: the timeline, the cameras as one multicam clip, and cameras with their sound. */
function eventNode(view: ProjectView, media: readonly Media[], sequence: Node, multicamNode: Node, grids: Grids): Node {
  const { frames } = grids
  const whole = Math.max(...media.map((each) => placeOf(view, each) + each.durationSeconds))
  const first = Math.min(...media.map((each) => placeOf(view, each)))
  const sync = syncClip(view, media, grids)
  return {
    name: 'event',
    attributes: { name: view.project.title },
    children: [
      { name: 'project', attributes: { name: view.project.title }, children: [sequence] },
      {
        name: 'mc-clip',
        attributes: {
          ref: multicamNode.attributes['id'],
          name: `${view.project.title} aligned`,
          start: '0s',
          duration: frames.fromSeconds(whole - first),
        },
      },
      ...(sync ? [sync] : []),
    ],
  }
}

function formatNode({ rate, width, height }: FcpxmlOptions): Node {
  return {
    name: 'format',
    attributes: {
      id: 'r1',
      name: 'FFVideoFormatRateUndefined',
      frameDuration: rational(rate.denominator, rate.numerator),
      width: String(width),
      height: String(height),
      colorSpace: '1-1-1 (Rec. 709)',
    },
  }
}

/** The whole project. */
export function fcpxmlText(view: ProjectView, options: FcpxmlOptions): string {
  const grids: Grids = { frames: new Grid(options.rate), samples: new Grid({ numerator: SOUND_HZ, denominator: 1 }) }
  const media = mediaOf(view, options)
  const sequence = sequenceNode(view, media, options.rate, grids)
  const multicamNode = multicam(view, media, grids)
  const resources = [formatNode(options), ...media.map((each) => assetNode(each, grids)), multicamNode]
  const root: Node = {
    name: 'fcpxml',
    attributes: { version: '1.9' },
    children: [
      { name: 'resources', attributes: {}, children: resources },
      { name: 'library', attributes: {}, children: [eventNode(view, media, sequence, multicamNode, grids)] },
    ],
  }
  const form = { preserveOrder: true, ignoreAttributes: false, format: true, indentBy: '  ' }
  const builder = new XMLBuilder({ ...form, processEntities: false })
  const body = builder.build([ordered(root)]) as string
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n${body.trim()}\n`
}
