import { say, type Wording } from '../../../shared/sayings/saying.ts'
import type { MediaStream } from './ffprobe-answer.ts'

/** What a stream holds, as a part of a sentence. */
export const kindWords = (kind: MediaStream['kind']): Wording =>
  kind === 'video' || kind === 'audio' ? say(`import.kind.${kind}`) : kind
