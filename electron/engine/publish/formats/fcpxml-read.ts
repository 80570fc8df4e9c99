/**
 * Reads FCPXML 1.5 to 1.13 (developer.apple.com, FCPXML Reference): the first project's sequence, with connected clips on
 * lanes, and with compound, synchronized and multicam clips taken apart into what they show. Times are rational seconds;
 * the offset of an element counts in the time of the one it lies in, which begins at that one's `start`.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { ClipSound } from '../../../../shared/document/clip-sound.ts'
import { LEAST_GAIN_DB } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { ticksFromSeconds } from '../../../../shared/units.ts'
import { foreignClip, tracksOfLanes, type LaneClip } from './edit-lanes.ts'
import { LeftOut } from './left-out.ts'
import type { ReadMarker, ReadTimeline } from './otio-read.ts'
import { unreadableEdit } from './unreadable-edit.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

/** Compound clips may name each other in a circle. */
const MAX_DEPTH = 24
const MAX_CLIPS = 100_000
/** Counted as often as they are shown: a few compound clips that hold each other several times are endless work. */
const MAX_SHOWN = 400_000
const CLIPS = new Set(['asset-clip', 'clip', 'video', 'audio', 'sync-clip', 'ref-clip', 'mc-clip', 'gap', 'title'])

const endless = (): AsterismError => unreadableEdit(say('edit.fcp.endless'))

/** Out of the ordered form of the parser, where an element is an object with its name and `:@` for its attributes. */
function elementsOf(nodes: unknown, depth = 0): Element[] {
  if (!Array.isArray(nodes) || depth > 200) return []
  return nodes.flatMap((node: Record<string, unknown>) =>
    Object.keys(node)
      .filter((name) => name !== ':@' && !name.startsWith('#') && !name.startsWith('?'))
      .map((name) => ({
        name,
        attributes: (node[':@'] ?? {}) as Record<string, string>,
        children: elementsOf(node[name], depth + 1),
      })),
  )
}

/** `1001/30000s`, `5s`, `0.5s`. @throws for anything else. */
function secondsOf(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const match = /^\s*(-?\d+(?:\.\d+)?)(?:\/(\d+))?s\s*$/.exec(text)
  const seconds = match ? Number(match[1]) / Number(match[2] ?? 1) : Number.NaN
  if (!Number.isFinite(seconds)) throw unreadableEdit(say('edit.fcp.noTime', { text: text.slice(0, 40) }))
  return seconds
}

/** How loud a clip is, by its `adjust-volume`; changes on the way are left out. */
function soundOf({ children }: Element): ClipSound {
  const volume = children.find(({ name }) => name === 'adjust-volume')
  if (!volume) return {}
  const decibels = Number.parseFloat(volume.attributes['amount'] ?? '0')
  const fade = (name: string): number => {
    const length = find(volume.children, name)?.attributes['duration']
    return ticksFromSeconds(secondsOf(length, 0))
  }
  return {
    gainDb: Number.isFinite(decibels) ? decibels : LEAST_GAIN_DB, // `-inf` and the like
    fadeInTicks: fade('fadeIn'),
    fadeOutTicks: fade('fadeOut'),
  }
}

function find(elements: readonly Element[], name: string): Element | undefined {
  for (const element of elements) {
    const found = element.name === name ? element : find(element.children, name)
    if (found) return found
  }
  return undefined
}

/** Where the time of an element lies on the timeline, and which part of the timeline may show it. */
interface Window {
  /** Added to a time of the element, gives one of the timeline. */
  readonly shift: number
  readonly from: number
  readonly to: number
  /** What is connected to the element shows beyond its ends, but not beyond those of the clip that both lie in. */
  readonly within: { readonly from: number; readonly to: number }
  readonly lane: number
  readonly depth: number
  readonly shows: readonly LaneClip['kind'][]
}

class Reader {
  readonly clips: LaneClip[] = []
  readonly markers: ReadMarker[] = []
  readonly warnings = new LeftOut()
  readonly #resources = new Map<string, Element>()
  #shownElements = 0

  constructor(resources: Element | undefined) {
    for (const resource of resources?.children ?? [])
      if (resource.attributes['id']) this.#resources.set(resource.attributes['id'], resource)
  }

  /** Elements one behind the other, or connected at their offsets. */
  storyline(children: readonly Element[], window: Window): void {
    if (window.depth > MAX_DEPTH) throw endless()
    let next = -window.shift + Math.max(window.from, 0)
    for (const child of children) {
      if (child.name === 'transition') this.warnings.add(say('edit.leftOut.transitions'))
      else if (child.name === 'spine') {
        const lane = window.lane + Number(child.attributes['lane'] ?? 0)
        const offset = secondsOf(child.attributes['offset'], 0)
        // The time within a connected storyline begins at zero.
        this.storyline(child.children, { ...window, lane, shift: window.shift + offset, depth: window.depth + 1 })
      } else if (child.name === 'audition') this.storyline(child.children.slice(0, 1), window)
      else if (CLIPS.has(child.name)) {
        const offset = secondsOf(child.attributes['offset'], next)
        this.#clip(child, offset, window)
        next = offset + secondsOf(child.attributes['duration'], 0)
      }
    }
  }

  #clip(element: Element, offset: number, outer: Window): void {
    if (++this.#shownElements > MAX_SHOWN) throw endless()
    const { attributes, children, name } = element
    const asset = this.#asset(element)
    const origin = secondsOf(asset?.attributes['start'], 0)
    const start = secondsOf(attributes['start'], name === 'gap' ? 0 : origin)
    const at = outer.shift + offset
    const duration = secondsOf(attributes['duration'], secondsOf(asset?.attributes['duration'], outer.to - at))
    const own = { from: Math.max(outer.from, at), to: Math.min(outer.to, at + duration) }
    const isContainer = name !== 'asset-clip' && name !== 'video' && name !== 'audio' && name !== 'gap'
    const window: Window = {
      shift: at - start,
      ...own,
      within: isContainer ? own : outer.within,
      lane: outer.lane + Number(attributes['lane'] ?? 0),
      depth: outer.depth + 1,
      shows: this.#shown(element, outer),
    }
    if (window.depth > MAX_DEPTH) throw endless()
    if (attributes['enabled'] === '0') {
      this.warnings.add(say('edit.leftOut.disabled'))
      return
    }
    if (children.some((child) => child.name === 'timeMap')) this.warnings.add(say('edit.leftOut.speeds'))
    this.#markers(element, window)
    if (asset) this.#take(element, asset, window, start - origin)
    if (name === 'title') this.warnings.add(say('edit.leftOut.titles'))
    if (name === 'ref-clip') this.#compound(attributes['ref'], window)
    if (name === 'mc-clip') this.#multicam(element, window)
    const connected = children.filter((child) => child.attributes['lane'] !== undefined)
    const inner = children.filter((child) => child.attributes['lane'] === undefined)
    const holds = name === 'clip' || name === 'sync-clip'
    if (holds) this.storyline(children, window)
    else {
      this.storyline(connected, {
        ...window,
        ...outer.within,
        within: outer.within,
        lane: outer.lane,
        shows: outer.shows,
      })
      if (name === 'gap') this.storyline(inner, window)
    }
  }

  #asset({ name, attributes }: Element): Element | undefined {
    if (name !== 'asset-clip' && name !== 'video' && name !== 'audio') return undefined
    const resource = this.#resources.get(attributes['ref'] ?? '')
    if (resource?.name === 'asset') return resource
    this.warnings.add(resource ? say('edit.leftOut.generators') : say('edit.leftOut.noMedia'))
    return undefined
  }

  #shown({ name, attributes }: Element, outer: Window): readonly LaneClip['kind'][] {
    if (name === 'video') return outer.shows.filter((kind) => kind === 'Video')
    if (name === 'audio') return outer.shows.filter((kind) => kind === 'Audio')
    const only = attributes['srcEnable']
    return outer.shows.filter((kind) => only === undefined || only === 'all' || only === kind.toLowerCase())
  }

  #take(element: Element, asset: Element, window: Window, mediaStart: number): void {
    const { from, to, shift, lane, shows } = window
    if (!(to > from)) return
    const src = asset.attributes['src'] ?? asset.children.find(({ name }) => name === 'media-rep')?.attributes['src']
    const offset = secondsOf(element.attributes['start'], secondsOf(asset.attributes['start'], 0)) + shift
    const clip = foreignClip({
      name: element.attributes['name'] ?? asset.attributes['name'] ?? '',
      startSeconds: from,
      durationSeconds: to - from,
      sourceStartSeconds: mediaStart + from - offset,
      targetUrl: src ?? null,
      sound: soundOf(element),
    })
    const has = { Video: asset.attributes['hasVideo'] !== '0', Audio: asset.attributes['hasAudio'] !== '0' }
    const says = asset.attributes['hasVideo'] !== undefined || asset.attributes['hasAudio'] !== undefined
    for (const kind of shows) {
      const there = says ? asset.attributes[`has${kind}`] === '1' : has[kind]
      if (!there) continue
      if (this.clips.length === MAX_CLIPS) throw unreadableEdit(say('edit.fcp.manyClips', { most: MAX_CLIPS }))
      this.clips.push({ ...clip, kind, lane })
    }
  }

  #compound(ref: string | undefined, window: Window): void {
    const spine = find(this.#resources.get(ref ?? '')?.children ?? [], 'spine')
    if (spine) this.storyline(spine.children, window)
    else this.warnings.add(say('edit.leftOut.emptyCompound'))
  }

  /** The angles that are shown; the first, where the clip does not say. */
  #multicam(element: Element, window: Window): void {
    const angles =
      find(this.#resources.get(element.attributes['ref'] ?? '')?.children ?? [], 'multicam')?.children ?? []
    const sources = element.children.filter(({ name }) => name === 'mc-source')
    const first = {
      attributes: { angleID: angles.find(({ name }) => name === 'mc-angle')?.attributes['angleID'] ?? '' },
    }
    for (const { attributes } of sources.length > 0 ? sources : [first]) {
      const only = (attributes as Record<string, string>)['srcEnable']
      if (only === 'none') continue
      const angle = angles.find((each) => each.attributes['angleID'] === attributes['angleID'])
      const shows = window.shows.filter((kind) => only === undefined || only === 'all' || only === kind.toLowerCase())
      if (angle) this.storyline(angle.children, { ...window, shows })
    }
  }

  #markers({ children }: Element, { shift }: Window): void {
    for (const { name, attributes } of children) {
      if (name !== 'marker' && name !== 'chapter-marker') continue
      this.markers.push({
        name: attributes['value'] ?? '',
        comment: attributes['note'] ?? '',
        color: attributes['completed'] === undefined ? 'BLUE' : 'RED',
        atSeconds: secondsOf(attributes['start'], 0) + shift,
        // A marker has at least the length of a frame there and is a moment here.
        durationSeconds: 0,
      })
    }
  }
}

/** @throws AsterismError `corrupt_file` for what is no FCPXML; `unsupported_format` where there is no project in it. */
export function readFcpxml(content: string): ReadTimeline {
  if (/<!ENTITY/i.test(content)) throw unreadableEdit(say('edit.fcp.entities'))
  const valid = XMLValidator.validate(content)
  if (valid !== true) throw unreadableEdit(say('edit.fcp.noXml', { detail: valid.err.msg, line: valid.err.line }))
  // The parser has references by number (`&#10;`, a line break) among those of HTML.
  const form = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' }
  const parser = new XMLParser({ ...form, htmlEntities: true })
  const root = elementsOf(parser.parse(content)).find(({ name }) => name === 'fcpxml')
  if (!root) throw unreadableEdit(say('edit.fcp.none'))
  const project = find(root.children, 'project')
  const sequence = project && find(project.children, 'sequence')
  const spine = sequence?.children.find(({ name }) => name === 'spine')
  if (!project || !spine)
    throw new AsterismError('unsupported_format', say('edit.noFcpProject'), {
      fix: say('edit.fix.exportProject'),
      kept: say('kept.timeline'),
    })
  const reader = new Reader(root.children.find(({ name }) => name === 'resources'))
  const begin = secondsOf(sequence?.attributes['tcStart'], 0)
  reader.storyline(spine.children, {
    shift: -begin,
    from: 0,
    to: Infinity,
    within: { from: 0, to: Infinity },
    lane: 0,
    depth: 0,
    shows: ['Video', 'Audio'],
  })
  return {
    name: project.attributes['name'] ?? '',
    own: {},
    tracks: tracksOfLanes(reader.clips),
    markers: reader.markers,
    warnings: reader.warnings.all,
  }
}
