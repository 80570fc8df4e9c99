/**
 * Reads OpenTimelineIO, as strictly as the library itself: what it refuses (a byte order mark, an unknown schema on a
 * track, Marker.3, a track without a kind) is refused here with the reason, so that a file that opens here opens there.
 * Clip.1 and the old names Sequence and Filler are taken.
 */
import type { ClipSound } from '../../../../shared/document/clip-sound.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { ticksFromSeconds } from '../../../../shared/units.ts'
import { LeftOut } from './left-out.ts'
import { unreadableEdit } from './unreadable-edit.ts'

export interface ReadClip {
  readonly name: string
  /** From the start of the whole edit. */
  readonly startSeconds: number
  readonly durationSeconds: number
  /** In the media's own time. */
  readonly sourceStartSeconds: number
  readonly targetUrl: string | null
  /** What we wrote of it ourselves; empty for files of others. */
  readonly own: Readonly<Record<string, unknown>>
  /** Speed of playing; 1 where nothing says otherwise. */
  readonly timeScalar: number
  /** How loud it is, where the edit says so. */
  readonly sound?: ClipSound
}

export interface ReadMarker {
  readonly name: string
  readonly comment: string
  readonly color: string
  readonly atSeconds: number
  readonly durationSeconds: number
}

export interface ReadTrack {
  readonly name: string
  readonly kind: string
  readonly enabled: boolean
  readonly own: Readonly<Record<string, unknown>>
  readonly clips: readonly ReadClip[]
}

export interface ReadTimeline {
  readonly name: string
  readonly own: Readonly<Record<string, unknown>>
  readonly tracks: readonly ReadTrack[]
  readonly markers: readonly ReadMarker[]
  /** What is in the file and is not taken over, as sentences. */
  readonly warnings: readonly Saying[]
}

type Node = Readonly<Record<string, unknown>>

const KNOWN_VERSIONS = new Map<string, number>(
  Object.entries({
    Timeline: 1,
    Stack: 1,
    Track: 1,
    Sequence: 1,
    Clip: 2,
    Gap: 1,
    Filler: 1,
    Transition: 1,
    Marker: 2,
    Effect: 1,
    TimeEffect: 1,
    LinearTimeWarp: 1,
    FreezeFrame: 1,
    ExternalReference: 1,
    MissingReference: 1,
    GeneratorReference: 1,
    ImageSequenceReference: 1,
    RationalTime: 1,
    TimeRange: 1,
  }),
)

function asNode(value: unknown, what: Saying): Node {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Node
  throw unreadableEdit(say('edit.otio.noObject', { what }))
}

/** The schema's name. @throws for versions that the library of today does not know. */
function schemaOf(node: Node, what: Saying): string {
  const match = /^(\w+)\.(\d+)$/.exec(String(node['OTIO_SCHEMA'] ?? ''))
  if (!match) throw unreadableEdit(say('edit.otio.noSchema', { what }))
  const [, name, version] = match as unknown as [string, string, string]
  const known = KNOWN_VERSIONS.get(name)
  if (known === undefined) throw unreadableEdit(say('edit.otio.unknownSchema', { what, schema: `${name}.${version}` }))
  if (Number(version) > known)
    throw unreadableEdit(
      say('edit.otio.newerSchema', { what, schema: `${name}.${version}`, newest: `${name}.${known}` }),
    )
  return name
}

function listOf(value: unknown, what: Saying): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as readonly unknown[]
  throw unreadableEdit(say('edit.otio.noList', { what }))
}

function seconds(value: unknown, what: Saying): number {
  const node = asNode(value, what)
  schemaOf(node, what)
  const { rate, value: count } = node
  if (typeof rate !== 'number' || typeof count !== 'number' || !(rate > 0))
    throw unreadableEdit(say('edit.otio.noTime', { what }))
  return count / rate
}

interface Range {
  readonly start: number
  readonly duration: number
}

function rangeOf(value: unknown, what: Saying): Range | null {
  if (value === undefined || value === null) return null
  const node = asNode(value, what)
  schemaOf(node, what)
  const range = { start: seconds(node['start_time'], what), duration: seconds(node['duration'], what) }
  if (range.duration < 0) throw unreadableEdit(say('edit.otio.negative', { what }))
  return range
}

function ownOf(node: Node): Readonly<Record<string, unknown>> {
  const metadata = node['metadata']
  if (typeof metadata !== 'object' || metadata === null) return {}
  const own = (metadata as Node)['asterism']
  return typeof own === 'object' && own !== null && !Array.isArray(own) ? (own as Node) : {}
}

/** What we wrote of how loud a clip is. */
function soundOf(own: Node): ClipSound {
  const numberOf = (key: string): number => {
    const value = own[key]
    return typeof value === 'number' && Number.isFinite(value) ? value : 0
  }
  return {
    gainDb: numberOf('gain_db'),
    fadeInTicks: ticksFromSeconds(numberOf('fade_in_s')),
    fadeOutTicks: ticksFromSeconds(numberOf('fade_out_s')),
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function markersOf(node: Node, shift: number, what: Saying): ReadMarker[] {
  return listOf(node['markers'], say('edit.otio.markersOf', { name: what })).map((value) => {
    const marker = asNode(value, say('edit.otio.marker'))
    if (schemaOf(marker, say('edit.otio.marker')) !== 'Marker')
      throw unreadableEdit(say('edit.otio.noMarker', { name: what }))
    const range = rangeOf(marker['marked_range'], say('edit.otio.markedRange')) ?? { start: 0, duration: 0 }
    const own = ownOf(marker)
    return {
      name: text(marker['name']),
      comment: text(marker['comment']),
      color: text(own['color']) || text(marker['color']) || 'RED',
      atSeconds: range.start + shift,
      durationSeconds: range.duration,
    }
  })
}

/** The active reference of a clip, of either version. */
function referenceOf(node: Node): Node | null {
  const single = node['media_reference']
  const many = node['media_references']
  const chosen =
    many === undefined || many === null
      ? single
      : asNode(many, say('edit.otio.mediaReferences'))[text(node['active_media_reference_key']) || 'DEFAULT_MEDIA']
  if (chosen === undefined || chosen === null) return null
  const reference = asNode(chosen, say('edit.otio.mediaReference'))
  schemaOf(reference, say('edit.otio.mediaReference'))
  return reference
}

class Reader {
  readonly warnings = new LeftOut()
  readonly markers: ReadMarker[] = []

  track(value: unknown): ReadTrack | null {
    const node = asNode(value, say('edit.otio.track'))
    const schema = schemaOf(node, say('edit.otio.track'))
    if (schema !== 'Track' && schema !== 'Sequence') {
      this.warnings.add(say('edit.leftOut.beside', { schema }))
      return null
    }
    const name = text(node['name'])
    if (typeof node['kind'] !== 'string') throw unreadableEdit(say('edit.otio.noKind', { name }))
    const clips: ReadClip[] = []
    let at = 0
    for (const child of listOf(node['children'], say('edit.otio.childrenOf', { name })))
      at = this.#child(child, at, clips)
    return { name, kind: node['kind'], enabled: node['enabled'] !== false, own: ownOf(node), clips }
  }

  /** Returns where the next one begins. */
  #child(value: unknown, at: number, clips: ReadClip[]): number {
    const node = asNode(value, say('edit.otio.child'))
    const schema = schemaOf(node, say('edit.otio.child'))
    if (schema === 'Transition') {
      // It lies over its neighbours and moves nothing.
      this.warnings.add(say('edit.leftOut.transitions'))
      return at
    }
    if (schema === 'Gap' || schema === 'Filler')
      return at + (rangeOf(node['source_range'], say('edit.otio.gap'))?.duration ?? 0)
    if (schema === 'Stack' || schema === 'Track') {
      throw new AsterismError('unsupported_format', say('edit.nested'), {
        fix: say('edit.fix.flatten'),
        kept: say('kept.timeline'),
      })
    }
    if (schema !== 'Clip') throw unreadableEdit(say('edit.otio.notOnTrack', { schema }))
    const name = text(node['name'])
    const reference = referenceOf(node)
    const range =
      rangeOf(node['source_range'], say('edit.otio.rangeOf', { name })) ??
      (reference && rangeOf(reference['available_range'], say('edit.otio.availableRangeOf', { name })))
    if (!range) throw unreadableEdit(say('edit.otio.noRange', { name }))
    this.markers.push(...markersOf(node, at - range.start, say('edit.otio.named', { name })))
    if (range.duration > 0) {
      const own = ownOf(node)
      clips.push({
        name,
        startSeconds: at,
        durationSeconds: range.duration,
        sourceStartSeconds: range.start,
        targetUrl: reference && typeof reference['target_url'] === 'string' ? reference['target_url'] : null,
        own,
        timeScalar: this.#speed(node, name),
        sound: soundOf(own),
      })
    }
    return at + range.duration
  }

  #speed(node: Node, name: string): number {
    let speed = 1
    for (const value of listOf(node['effects'], say('edit.otio.effects'))) {
      const effect = asNode(value, say('edit.otio.effect'))
      const schema = schemaOf(effect, say('edit.otio.effect'))
      if (schema === 'LinearTimeWarp' && typeof effect['time_scalar'] === 'number') speed *= effect['time_scalar']
      if (schema === 'FreezeFrame') speed = 0
      this.warnings.add(say('edit.leftOut.effect', { name }))
    }
    return speed
  }
}

/** @throws AsterismError `corrupt_file` for what the library would refuse, `unsupported_format` for nested timelines. */
export function readOtio(content: string): ReadTimeline {
  if (content.startsWith('\uFEFF')) throw unreadableEdit(say('edit.otio.byteOrderMark'))
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch (error) {
    throw unreadableEdit(say('edit.noJson', { detail: (error as Error).message }))
  }
  const root = asNode(parsed, say('edit.otio.file'))
  if (schemaOf(root, say('edit.otio.file')) !== 'Timeline') throw unreadableEdit(say('edit.otio.noTimeline'))
  const stack = asNode(root['tracks'], say('edit.otio.tracks'))
  if (schemaOf(stack, say('edit.otio.tracks')) !== 'Stack') throw unreadableEdit(say('edit.otio.noStack'))
  const reader = new Reader()
  const tracks = listOf(stack['children'], say('edit.otio.tracks')).flatMap((child) => reader.track(child) ?? [])
  return {
    name: text(root['name']),
    own: ownOf(root),
    tracks,
    markers: [...markersOf(stack, 0, say('edit.otio.timeline')), ...reader.markers],
    warnings: reader.warnings.all,
  }
}
