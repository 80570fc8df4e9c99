/**
 * The JSON of OpenTimelineIO 0.17 to 0.18, member by member in the order in which the library writes it. `Double`
 * marks what the library writes as a double (`30.0`), which JSON.stringify would write as an integer.
 */
import type { Json } from '../package/canonical-json.ts'

export class Double {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

export type OtioValue = null | boolean | string | number | Double | readonly OtioValue[] | OtioObject
export interface OtioObject {
  readonly [key: string]: OtioValue
}

function isList(value: readonly OtioValue[] | OtioObject): value is readonly OtioValue[] {
  return Array.isArray(value)
}

function doubleText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('a time that is not finite cannot be written')
  const text = JSON.stringify(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** OTIO text: four spaces of indent, no byte order mark (the library refuses one), no final line end. */
export function writeOtio(value: OtioValue, indent = ''): string {
  if (value instanceof Double) return doubleText(value.value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}    `
  if (isList(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => inner + writeOtio(item, inner)).join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value)
  if (members.length === 0) return '{}'
  return `{\n${members.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${writeOtio(item, inner)}`).join(',\n')}\n${indent}}`
}

/** Metadata under the one key that is ours. Nanoseconds in it are strings: readers in JavaScript would round them. */
export function ownMetadata(data: { readonly [key: string]: Json | undefined } | null): OtioObject {
  if (data === null) return {}
  const told = Object.keys(data)
    .sort()
    .flatMap((key) => (data[key] === undefined ? [] : [[key, asOtio(data[key])] as const]))
  return { asterism: Object.fromEntries(told) }
}

function asOtio(value: Json): OtioValue {
  if (typeof value === 'number') return new Double(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(asOtio)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, asOtio(item)]])),
  )
}

function rationalTime(value: number, rate: number): OtioObject {
  return { OTIO_SCHEMA: 'RationalTime.1', rate: new Double(rate), value: new Double(value) }
}

export function timeRange(start: number, duration: number, rate: number): OtioObject {
  return { OTIO_SCHEMA: 'TimeRange.1', duration: rationalTime(duration, rate), start_time: rationalTime(start, rate) }
}

export function timeline(fields: {
  metadata: OtioObject
  name: string
  globalStart: OtioValue
  stack: OtioObject
}): OtioObject {
  return {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: fields.metadata,
    name: fields.name,
    global_start_time: fields.globalStart,
    tracks: fields.stack,
  }
}

/** What stacks, tracks, clips and gaps begin with. */
function item(
  schema: string,
  metadata: OtioObject,
  name: string,
  range: OtioValue,
  markers: readonly OtioValue[],
  enabled: boolean,
): OtioObject {
  return { OTIO_SCHEMA: schema, metadata, name, source_range: range, effects: [], markers, enabled, color: null }
}

export function stack(fields: {
  name: string
  markers: readonly OtioValue[]
  children: readonly OtioValue[]
}): OtioObject {
  return { ...item('Stack.1', {}, fields.name, null, fields.markers, true), children: fields.children }
}

/** @param fields.kind `Video`, `Audio`, or the sensor's own word: readers keep it, and refuse a track without one. */
export function track(fields: {
  metadata: OtioObject
  name: string
  enabled: boolean
  children: readonly OtioValue[]
  kind: string
}): OtioObject {
  return {
    ...item('Track.1', fields.metadata, fields.name, null, [], fields.enabled),
    children: fields.children,
    kind: fields.kind,
  }
}

export function clip(fields: {
  metadata: OtioObject
  name: string
  range: OtioObject
  reference: OtioObject
}): OtioObject {
  return {
    ...item('Clip.2', fields.metadata, fields.name, fields.range, [], true),
    media_references: { DEFAULT_MEDIA: fields.reference },
    active_media_reference_key: 'DEFAULT_MEDIA',
  }
}

export function gap(duration: number, rate: number): OtioObject {
  return item('Gap.1', {}, '', timeRange(0, duration, rate), [], true)
}

export function externalReference(url: string, available: OtioValue): OtioObject {
  return {
    OTIO_SCHEMA: 'ExternalReference.1',
    metadata: {},
    name: '',
    available_range: available,
    available_image_bounds: null,
    target_url: url,
  }
}

export function missingReference(available: OtioValue): OtioObject {
  return {
    OTIO_SCHEMA: 'MissingReference.1',
    metadata: {},
    name: '',
    available_range: available,
    available_image_bounds: null,
  }
}

/** Marker.2: the library before 0.19 refuses a whole file for one Marker.3. */
export function marker(fields: {
  metadata: OtioObject
  name: string
  color: string
  range: OtioObject
  comment: string
}): OtioObject {
  return {
    OTIO_SCHEMA: 'Marker.2',
    metadata: fields.metadata,
    name: fields.name,
    color: fields.color,
    marked_range: fields.range,
    comment: fields.comment,
  }
}
