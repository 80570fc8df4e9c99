/**
 * Reads OpenTimelineIO, as strictly as the library itself: what it refuses (a byte order mark, an unknown schema on a
 * track, Marker.3, a track without a kind) is refused here with the reason, so that a file that opens here opens there.
 * Clip.1 and the old names Sequence and Filler are taken.
 */
import type { ClipSound } from '../../../../shared/document/clip-sound.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { ticksFromSeconds } from '../../../../shared/units.ts'

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
  readonly warnings: readonly string[]
}

type Node = Readonly<Record<string, unknown>>

const KNOWN_VERSIONS: Readonly<Record<string, number>> = {
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
}

function refuse(what: string): AsterismError {
  return new AsterismError('corrupt_file', what, { kept: say('kept.timeline') })
}

function asNode(value: unknown, what: string): Node {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Node
  throw refuse(`${what} is not an object.`)
}

/** The schema's name. @throws for versions that the library of today does not know. */
function schemaOf(node: Node, what: string): string {
  const match = /^(\w+)\.(\d+)$/.exec(String(node['OTIO_SCHEMA'] ?? ''))
  if (!match) throw refuse(`${what} names no schema.`)
  const [, name, version] = match as unknown as [string, string, string]
  const known = KNOWN_VERSIONS[name]
  if (known === undefined) throw refuse(`${what} is of the unknown schema ${name}.${version}.`)
  if (Number(version) > known)
    throw refuse(`${what} is of schema ${name}.${version}; ${name}.${known} is the newest known.`)
  return name
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as readonly unknown[]
  throw refuse(`${what} is not a list.`)
}

function seconds(value: unknown, what: string): number {
  const node = asNode(value, what)
  schemaOf(node, what)
  const { rate, value: count } = node
  if (typeof rate !== 'number' || typeof count !== 'number' || !(rate > 0)) throw refuse(`${what} is no time.`)
  return count / rate
}

interface Range {
  readonly start: number
  readonly duration: number
}

function rangeOf(value: unknown, what: string): Range | null {
  if (value === undefined || value === null) return null
  const node = asNode(value, what)
  schemaOf(node, what)
  const range = { start: seconds(node['start_time'], what), duration: seconds(node['duration'], what) }
  if (range.duration < 0) throw refuse(`${what} has a negative length.`)
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

function markersOf(node: Node, shift: number, what: string): ReadMarker[] {
  return listOf(node['markers'], `The markers of ${what}`).map((value) => {
    const marker = asNode(value, 'A marker')
    if (schemaOf(marker, 'A marker') !== 'Marker') throw refuse(`Something among the markers of ${what} is no marker.`)
    const range = rangeOf(marker['marked_range'], 'A marked range') ?? { start: 0, duration: 0 }
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
      : asNode(many, 'The media references')[text(node['active_media_reference_key']) || 'DEFAULT_MEDIA']
  if (chosen === undefined || chosen === null) return null
  const reference = asNode(chosen, 'A media reference')
  schemaOf(reference, 'A media reference')
  return reference
}

class Reader {
  readonly warnings = new Set<string>()
  readonly markers: ReadMarker[] = []

  track(value: unknown): ReadTrack | null {
    const node = asNode(value, 'A track')
    const schema = schemaOf(node, 'A track')
    if (schema !== 'Track' && schema !== 'Sequence') {
      this.warnings.add(`A ${schema} beside the tracks is left out.`)
      return null
    }
    const name = text(node['name'])
    if (typeof node['kind'] !== 'string') throw refuse(`The track "${name}" has no kind.`)
    const clips: ReadClip[] = []
    let at = 0
    for (const child of listOf(node['children'], `The children of "${name}"`)) at = this.#child(child, at, clips)
    return { name, kind: node['kind'], enabled: node['enabled'] !== false, own: ownOf(node), clips }
  }

  /** Returns where the next one begins. */
  #child(value: unknown, at: number, clips: ReadClip[]): number {
    const node = asNode(value, 'A child of a track')
    const schema = schemaOf(node, 'A child of a track')
    if (schema === 'Transition') {
      // It lies over its neighbours and moves nothing.
      this.warnings.add('Transitions are left out: the clips meet in a cut.')
      return at
    }
    if (schema === 'Gap' || schema === 'Filler') return at + (rangeOf(node['source_range'], 'A gap')?.duration ?? 0)
    if (schema === 'Stack' || schema === 'Track') {
      throw new AsterismError('unsupported_format', say('edit.nested'), {
        fix: say('edit.fix.flatten'),
        kept: say('kept.timeline'),
      })
    }
    if (schema !== 'Clip') throw refuse(`A ${schema} cannot lie on a track.`)
    const name = text(node['name'])
    const reference = referenceOf(node)
    const range =
      rangeOf(node['source_range'], `The range of "${name}"`) ??
      (reference && rangeOf(reference['available_range'], `The available range of "${name}"`))
    if (!range) throw refuse(`The clip "${name}" has neither a range nor a length of its media.`)
    this.markers.push(...markersOf(node, at - range.start, `"${name}"`))
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
    for (const value of listOf(node['effects'], 'The effects')) {
      const effect = asNode(value, 'An effect')
      const schema = schemaOf(effect, 'An effect')
      if (schema === 'LinearTimeWarp' && typeof effect['time_scalar'] === 'number') speed *= effect['time_scalar']
      if (schema === 'FreezeFrame') speed = 0
      this.warnings.add(`The effect on "${name}" is left out; the clip plays at its own speed.`)
    }
    return speed
  }
}

/** @throws AsterismError `corrupt_file` for what the library would refuse, `unsupported_format` for nested timelines. */
export function readOtio(content: string): ReadTimeline {
  if (content.startsWith('\uFEFF'))
    throw refuse('The file begins with a byte order mark, which the format does not allow.')
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch (error) {
    throw refuse(`The file is no JSON: ${(error as Error).message}.`)
  }
  const root = asNode(parsed, 'The file')
  if (schemaOf(root, 'The file') !== 'Timeline') throw refuse('The file holds no timeline.')
  const stack = asNode(root['tracks'], 'The list of tracks')
  if (schemaOf(stack, 'The list of tracks') !== 'Stack') throw refuse('The list of tracks is no stack.')
  const reader = new Reader()
  const tracks = listOf(stack['children'], 'The list of tracks').flatMap((child) => reader.track(child) ?? [])
  return {
    name: text(root['name']),
    own: ownOf(root),
    tracks,
    markers: [...markersOf(stack, 0, 'the timeline'), ...reader.markers],
    warnings: [...reader.warnings],
  }
}
