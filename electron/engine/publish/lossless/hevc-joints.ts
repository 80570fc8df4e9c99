/** Key pictures of HEVC behind a joint: they must not go on counting from pictures that are no longer before them. */
import { writeFile } from 'node:fs/promises'
import { readRange } from '../../import/reading/byte-stream.ts'
import type { CutPiece } from './exact-pieces.ts'
import { hevcLengthBytes, isHevc } from './hevc-parameter-sets.ts'
import { asBrokenLink, withUnits } from './hevc-units.ts'
import type { MovieTrack } from './movie.ts'
import type { Addition } from './spliced-track.ts'

/**
 * The key pictures that copied pieces behind others begin with, under the other name of their kind where they need it;
 * nothing else of them changes.
 *
 * @param path of a file for them
 */
export async function renamedKeys(track: MovieTrack, pieces: readonly CutPiece[], path: string): Promise<Addition[]> {
  if (!isHevc(track.format)) return []
  const { offsets, byteLengths, ticks } = track.table
  const lengthBytes = hevcLengthBytes(track.description)
  const additions: Addition[] = []
  const samples: Uint8Array[] = []
  let at = 0
  for (const piece of pieces.slice(1)) {
    if (piece.kind !== 'copied') continue
    const { first } = piece
    const sample = await readRange(track.files[0]!, offsets[first]!, byteLengths[first]!)
    const renamed = withUnits(sample, lengthBytes, asBrokenLink)
    if (Buffer.compare(sample, renamed) === 0) continue
    samples.push(renamed)
    additions.push({
      piece,
      file: path,
      byteLengths: Float64Array.of(renamed.length),
      offsets: Float64Array.of(at),
      ticks: Float64Array.of(ticks[first]!),
      decodeTicks: Float64Array.of(track.decodeTicks[first]!),
      delayTicks: Int32Array.of(track.compositionTicks?.[first] ?? 0),
      isKey: Uint8Array.of(1),
    })
    at += renamed.length
  }
  if (samples.length > 0) await writeFile(path, Buffer.concat(samples))
  return additions
}
