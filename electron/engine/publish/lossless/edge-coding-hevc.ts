/** Edges of HEVC: the encoder numbers its parameter sets as it likes, so that its pictures are told to name others. */
import { say } from '../../../../shared/sayings/saying.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { EDGE_QUALITY, NO_ROOM, type EdgeCoding } from './edge-coding.ts'
import {
  freeHevcNumbers,
  hevcLengthBytes,
  hevcParameterSetsOf,
  hevcProfile,
  isHevc,
  joinedHevcSets,
  renumbered,
  withHevcParameterSets,
  type HevcNumbers,
  type HevcParameterSets,
} from './hevc-parameter-sets.ts'
import { namingSet, withUnits } from './hevc-units.ts'
import type { MovieTrack } from './movie.ts'

/** Pixel formats by `general_profile_idc`, and the encoder's name of the profile. */
const PROFILES: ReadonlyMap<number, { readonly name: string; readonly pixelFormats: readonly string[] }> = new Map([
  [1, { name: 'main', pixelFormats: ['yuv420p', 'yuvj420p'] }],
  [2, { name: 'main10', pixelFormats: ['yuv420p10le'] }],
])
const LENGTH_BYTES = 4
/**
 * No picture leans on a later one, which would need to be decoded before what is copied allows; no wave fronts, whose
 * slices say how long they are.
 */
const ENCODER = 'log-level=none:info=0:bframes=0:keyint=-1:scenecut=0:open-gop=0:wpp=0:repeat-headers=0'

async function rewritten(edge: MovieTrack, picture: number): Promise<MovieTrack> {
  const path = edge.files[0]!
  const file = await readFile(path)
  const { offsets: places, byteLengths: lengths } = edge.table
  const samples = Array.from(places, (offset, n) =>
    withUnits(file.subarray(offset, offset + lengths[n]!), LENGTH_BYTES, (unit) => namingSet(unit, picture)),
  )
  await writeFile(path, Buffer.concat(samples))
  const byteLengths = Float64Array.from(samples, (sample) => sample.length)
  let at = 0
  const offsets = byteLengths.map((length) => (at += length) - length)
  return { ...edge, table: { ...edge.table, byteLengths, offsets } }
}

const keyOf = (sets: HevcParameterSets): string =>
  sets.units.map(({ units }) => units.map((unit) => Buffer.from(unit).toString('hex')).join()).join()

export const hevcEdges: EdgeCoding = {
  encoder: 'libx265',
  fitterFor(track, stream) {
    let sets = hevcParameterSetsOf(track.description)
    if (!sets) return isHevc(track.format) ? NO_ROOM : null
    const profile = PROFILES.get(hevcProfile(sets))
    if (!profile?.pixelFormats.includes(stream.pixelFormat ?? ''))
      return say('export.edges.hevc', { pixels: stream.pixelFormat ?? say('export.edges.unknownPixels') })
    if (hevcLengthBytes(track.description) !== LENGTH_BYTES || !freeHevcNumbers(sets)) return NO_ROOM
    const numbersOf = new Map<string, HevcNumbers>()
    return {
      arguments: () => ['-preset', 'fast', ...EDGE_QUALITY, '-profile:v', profile.name, '-x265-params', ENCODER],
      async fit(edge) {
        const own = hevcParameterSetsOf(edge.description)
        if (!own || hevcLengthBytes(edge.description) !== LENGTH_BYTES) return null
        let numbers = numbersOf.get(keyOf(own))
        if (!numbers) {
          const free = freeHevcNumbers(sets!)
          const added = free && renumbered(own, free)
          if (!free || !added) return null
          sets = joinedHevcSets(sets!, added)
          numbersOf.set(keyOf(own), free)
          numbers = free
        }
        return await rewritten(edge, numbers.picture)
      },
      description: () => withHevcParameterSets(track.description, sets!),
    }
  },
}
