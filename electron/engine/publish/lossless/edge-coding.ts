/** How the pictures around a cut are coded so that one description serves them and those that are copied. */
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { MediaStream } from '../../media/probe.ts'
import type { MovieTrack } from './movie.ts'

/** Makes the edges of one film fit, one after the other. */
export interface EdgeFitter {
  /** For the encoder of the next edge. */
  arguments: () => readonly string[]
  /**
   * @param edge one sample a picture, as the encoder gave it
   * @returns the edge as it can stand in the film; null: it is to be encoded again, with the arguments as they are now
   */
  fit: (edge: MovieTrack) => Promise<MovieTrack | null>
  /** What is to be in the `stsd` box for the film and all edges so far. */
  description: () => DataView
}

export interface EdgeCoding {
  /** As ffmpeg names it. */
  readonly encoder: string
  /** Null where the film is not coded this way; a reason, as half a sentence, where no edge can be made to fit it. */
  readonly fitterFor: (track: MovieTrack, stream: MediaStream) => EdgeFitter | Saying | null
}

/** Nobody sees a difference at this factor; edges are short. */
export const EDGE_QUALITY: readonly string[] = ['-crf', '14']
export const NO_ROOM = say('export.edges.noRoom')
