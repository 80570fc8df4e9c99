/** Edges of H.264: the encoder numbers its parameter sets as it is told. */
import { say } from '../../../../shared/sayings/saying.ts'
import { EDGE_QUALITY, NO_ROOM, type EdgeCoding } from './edge-coding.ts'
import { freeNumbers, joinedSets, lengthBytes, parameterSetsOf, withParameterSets } from './h264-parameter-sets.ts'

/** By `profile_idc`. Others code more than 8 bits or more than one colour for four pixels. */
const PROFILES: ReadonlyMap<number, string> = new Map([
  [66, 'baseline'],
  [77, 'main'],
  [88, 'main'],
  [100, 'high'],
])
const PIXEL_FORMATS = new Set(['yuv420p', 'yuvj420p'])

export const h264Edges: EdgeCoding = {
  encoder: 'libx264',
  fitterFor(track, stream) {
    let sets = parameterSetsOf(track.description)
    if (!sets) return null
    const profile = PROFILES.get(sets.head[1]!)
    if (profile === undefined || !PIXEL_FORMATS.has(stream.pixelFormat ?? ''))
      return say('export.edges.h264', { pixels: stream.pixelFormat ?? say('export.edges.unknownPixels') })
    let [number] = freeNumbers(sets)
    if (lengthBytes(sets) !== 4 || number === undefined) return NO_ROOM
    return {
      arguments: () => [
        '-preset',
        'medium',
        ...EDGE_QUALITY,
        '-profile:v',
        profile,
        // Pictures that lean on later ones would need to be decoded before what is copied allows.
        '-bf',
        '0',
        '-x264-params',
        `keyint=infinite:scenecut=0:sps-id=${number}`,
      ],
      async fit(edge) {
        const own = parameterSetsOf(edge.description)
        const joined = own && lengthBytes(own) === 4 ? joinedSets(sets!, own) : null
        if (joined) {
          sets = joined
          return edge
        }
        // The encoder chose otherwise than for the edge before: its sets need a number of their own.
        ;[number] = freeNumbers(sets!)
        return null
      },
      description: () => withParameterSets(track.description, sets!),
    }
  },
}
