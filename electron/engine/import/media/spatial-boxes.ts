/**
 * What the sample entry of a picture says of depth and projection: Apple's Video Extended Usage (`vexu`, `hfov`; Apple,
 * Stereo Video ISOBMFF Extensions) and Google's Spherical Video V2 (`st3d`, `sv3d`); and the keys of a `mebx` track.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { boxesIn, descend, fourLetters } from '../reading/iso-bmff.ts'
import { warning } from '../refusals.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** Fields of a visual sample entry before the boxes in it, behind its first eight bytes (ISO/IEC 14496-12, 12.1.3). */
const VISUAL_FIELDS_BYTES = 78
const HERO_EYES: Readonly<Record<number, string>> = { 1: 'left', 2: 'right' }
const PROJECTIONS = new Map<string, string>(
  Object.entries({
    rect: 'rectilinear',
    equi: 'equirectangular',
    hequ: 'half equirectangular',
    fish: 'fisheye',
  }),
)
const STEREO_MODES: Readonly<Record<number, string>> = { 1: 'top-bottom', 2: 'left-right', 3: 'custom' }
const SPHERES = new Map<string, string>(Object.entries({ equi: 'equirectangular', cbmp: 'cube map', mshp: 'mesh' }))

export type SpatialNotes = Record<string, string | number | boolean>

/** The number behind version and flags of a full box. */
function valueOf(view: DataView | undefined, read: (view: DataView) => number): number | undefined {
  return view && view.byteLength >= 8 ? read(view) : undefined
}

function appleNotes(entry: DataView): SpatialNotes {
  const usage = descend(entry, 'vexu')
  const notes: SpatialNotes = {}
  const field = descend(entry, 'hfov')
  if (field && field.byteLength >= 4) notes.horizontalFieldOfViewDegrees = field.getUint32(0) / 1000
  const eyes = usage && descend(usage, 'eyes')
  const views = eyes && descend(eyes, 'stri')
  if (eyes && views && views.byteLength >= 5) {
    const bits = views.getUint8(4)
    notes.stereoEyes = (bits & 3) === 3 ? 'both' : (bits & 1) === 1 ? 'left' : (bits & 2) === 2 ? 'right' : 'none'
    if ((bits & 8) === 8) notes.stereoEyesReversed = true
    const hero = descend(eyes, 'hero')
    const heroEye = hero && hero.byteLength >= 5 ? HERO_EYES[hero.getUint8(4)] : undefined
    if (heroEye) notes.stereoHeroEye = heroEye
    const baseline = valueOf(descend(eyes, 'cams', 'blin'), (view) => view.getUint32(4))
    if (baseline !== undefined) notes.stereoBaselineMetres = baseline / 1e6
    const shift = valueOf(descend(eyes, 'cmfy', 'dadj'), (view) => view.getInt32(4))
    if (shift !== undefined) notes.stereoDisparityAdjustment = shift / 10_000
  }
  const projection = usage && descend(usage, 'proj', 'prji')
  const name = projection && projection.byteLength >= 8 ? PROJECTIONS.get(fourLetters(projection, 4)) : undefined
  if (name) notes.projection = name
  return notes
}

function googleNotes(entry: DataView): SpatialNotes {
  const notes: SpatialNotes = {}
  const stereo = descend(entry, 'st3d')
  const layout = stereo && stereo.byteLength >= 5 ? STEREO_MODES[stereo.getUint8(4)] : undefined
  if (layout) notes.stereoLayout = layout
  const projection = descend(entry, 'sv3d', 'proj')
  for (const { type } of projection ? boxesIn(projection) : []) {
    const name = SPHERES.get(type)
    if (name) notes.projection = name
  }
  return notes
}

/** What one picture track says. @param entry Its sample entry, behind the first eight bytes. */
export function spatialNotes(entry: DataView): { notes: SpatialNotes; warnings: ImportWarning[] } {
  if (entry.byteLength <= VISUAL_FIELDS_BYTES) return { notes: {}, warnings: [] }
  const boxes = new DataView(
    entry.buffer,
    entry.byteOffset + VISUAL_FIELDS_BYTES,
    entry.byteLength - VISUAL_FIELDS_BYTES,
  )
  const notes = { ...appleNotes(boxes), ...googleNotes(boxes) }
  const twoEyes = notes.stereoEyes === 'both' && descend(boxes, 'lhvC') !== undefined
  return { notes, warnings: twoEyes ? [warning('stereo_base_eye_only', say('import.oneEye'))] : [] }
}

/** Names of what a timed metadata track of QuickTime holds (QuickTime File Format, `mebx`). */
export function metadataKeys(entry: DataView): string[] {
  if (entry.byteLength <= 8) return []
  const keys = descend(new DataView(entry.buffer, entry.byteOffset + 8, entry.byteLength - 8), 'keys')
  return [...(keys ? boxesIn(keys) : [])].flatMap(({ view }) => {
    const key = descend(view, 'keyd')
    if (!key || key.byteLength < 5) return []
    return [new TextDecoder().decode(new Uint8Array(key.buffer, key.byteOffset + 4, key.byteLength - 4)).slice(0, 200)]
  })
}
