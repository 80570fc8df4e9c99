/** What the XML of an E57 file says of its scans (ASTM E2807-11, 8): fields, poses, colour ranges and where points lie. */
import { XMLParser } from 'fast-xml-parser'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { IDENTITY4, similarity, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { bitsOf, type E57FieldType } from './e57-fields.ts'

export interface E57Scan {
  readonly name: string
  /** Physical offset of the section of its points. */
  readonly fileOffset: number
  readonly recordCount: number
  /** In the order of the byte streams; undefined for a field that is not a number. */
  readonly fields: readonly { readonly name: string; readonly type: E57FieldType | undefined }[]
  readonly worldFromScan: Matrix4
  /** Lowest and highest value of a colour channel. */
  readonly colorRange: readonly [number, number]
}

export interface E57Document {
  readonly scans: readonly E57Scan[]
  readonly pictureCount: number
}

type Element = Record<string, unknown>

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function child(element: unknown, ...path: readonly string[]): unknown {
  let current: unknown = element
  for (const name of path) current = isElement(current) ? current[name] : undefined
  return current
}

function textOf(value: unknown): string | undefined {
  const text = isElement(value) ? value['#text'] : value
  return typeof text === 'string' ? text : undefined
}

/** Numbers that are zero are written as empty elements. */
function numberAt(element: unknown, ...path: readonly string[]): number | undefined {
  const value = child(element, ...path)
  if (value === undefined) return undefined
  const number = Number(textOf(value) ?? '0')
  return Number.isFinite(number) ? number : undefined
}

function listOf(vector: unknown): unknown[] {
  const children = child(vector, 'vectorChild')
  return Array.isArray(children) ? children : children === undefined ? [] : [children]
}

function wholeNumber(text: unknown, otherwise: bigint): bigint {
  return typeof text === 'string' && /^[+-]?\d{1,19}$/.test(text) ? BigInt(text) : otherwise
}

function typeOf(field: unknown): E57FieldType | undefined {
  const attribute = (name: string) => child(field, `@${name}`)
  const kind = attribute('type')
  if (kind === 'Float') {
    const single = attribute('precision') === 'single'
    return { kind: single ? 'float32' : 'float64', bits: 0, minimum: 0, maximum: 0, scale: 1, offset: 0 }
  }
  if (kind !== 'Integer' && kind !== 'ScaledInteger') return undefined
  const minimum = wholeNumber(attribute('minimum'), -(2n ** 63n))
  const maximum = wholeNumber(attribute('maximum'), 2n ** 63n - 1n)
  const scale = kind === 'ScaledInteger' ? Number(attribute('scale') ?? 1) : 1
  const offset = kind === 'ScaledInteger' ? Number(attribute('offset') ?? 0) : 0
  if (!Number.isFinite(scale) || !Number.isFinite(offset) || maximum < minimum) return undefined
  return {
    kind: 'integer',
    bits: bitsOf(minimum, maximum),
    minimum: Number(minimum),
    maximum: Number(maximum),
    scale,
    offset,
  }
}

function poseOf(scan: unknown): Matrix4 {
  const pose = child(scan, 'pose')
  if (pose === undefined) return IDENTITY4
  const q = ['x', 'y', 'z', 'w'].map((axis) => numberAt(pose, 'rotation', axis) ?? (axis === 'w' ? undefined : 0))
  const rotation = q.map((value) => value ?? (child(pose, 'rotation') === undefined ? 1 : 0))
  const length = Math.hypot(...rotation)
  if (!(length > 1e-6)) return IDENTITY4
  const translation = ['x', 'y', 'z'].map((axis) => numberAt(pose, 'translation', axis) ?? 0)
  return similarity(rotationFromQuaternion(rotation.map((value) => value / length)), translation)
}

function colorRange(scan: unknown, type: E57FieldType | undefined): [number, number] {
  const low = numberAt(scan, 'colorLimits', 'colorRedMinimum')
  const high = numberAt(scan, 'colorLimits', 'colorRedMaximum')
  if (low !== undefined && high !== undefined && high > low) return [low, high]
  if (type?.kind === 'integer' && type.maximum > type.minimum)
    return [type.minimum * type.scale + type.offset, type.maximum * type.scale + type.offset]
  return [0, type?.kind === 'integer' ? 255 : 1]
}

function scanOf(scan: unknown): E57Scan[] {
  const points = child(scan, 'points')
  const prototype = child(points, 'fields')
  const fileOffset = Number(child(points, '@fileOffset'))
  const recordCount = Number(child(points, '@recordCount'))
  if (
    !isElement(prototype) ||
    !Number.isSafeInteger(fileOffset) ||
    !(Number.isSafeInteger(recordCount) && recordCount >= 0)
  )
    return []
  const fields = Object.entries(prototype)
    .filter(([name]) => !name.startsWith('@') && name !== '#text')
    .map(([name, field]) => ({ name: name.replace(/^.*:/, ''), type: typeOf(field) }))
  const red = fields.find(({ name }) => name === 'colorRed')?.type
  const name = textOf(child(scan, 'name')) ?? ''
  return [{ name, fileOffset, recordCount, fields, worldFromScan: poseOf(scan), colorRange: colorRange(scan, red) }]
}

/** Undefined when the text is not the XML of an E57 file. */
export function parseE57Document(xml: string): E57Document | undefined {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    // The parser refuses the standard's own name for the list of fields.
    transformTagName: (name) => (name === 'prototype' ? 'fields' : name),
  })
  let root: unknown
  try {
    root = child(parser.parse(xml), 'e57Root')
  } catch {
    return undefined
  }
  if (!isElement(root)) return undefined
  return { scans: listOf(child(root, 'data3D')).flatMap(scanOf), pictureCount: listOf(child(root, 'images2D')).length }
}
