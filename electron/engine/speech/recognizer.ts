import type { Saying } from '../../../shared/sayings/saying.ts'

/** What turns speech into words. The registry is the array in index.ts. */
export interface RecognizedWord {
  readonly text: string
  /** From the start of the piece that was given. */
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface Recognizer {
  readonly id: string
  /** How good it is, as a sentence that promises nothing. */
  readonly note: Saying
  /** Null when it can run here; otherwise what to install, as a sentence. */
  missing(): Promise<Saying | null>
  /** @param pieces 16 kHz mono samples, one piece of speech each. @returns the words of each piece. */
  recognize(
    pieces: readonly Float32Array[],
    options: { readonly signal: AbortSignal; readonly onProgress?: (fraction: number) => void },
  ): Promise<RecognizedWord[][]>
}
