/**
 * Times of a file and times of the clock that its streams lie on. A film inside a capture folder counts from its own
 * beginning, the device that wrote the folder from when it was switched on; everywhere else the two are the same.
 */
import type { MediaProbe } from './probe.ts'

/** Shorter shifts are rounding of times that were written down. */
const ROUNDING_SECONDS = 1e-6

/**
 * What is to be added to a file's own times to be on the clock of one of its streams.
 *
 * @param onClock the stream as the recording describes it
 * @param inFile the same stream as the file itself has it
 */
export function clockShiftSeconds(
  onClock: { readonly startSeconds: number },
  inFile: { readonly startSeconds: number },
): number {
  const shift = onClock.startSeconds - inFile.startSeconds
  return Math.abs(shift) < ROUNDING_SECONDS ? 0 : shift
}

/** The same where only one stream of a kind is looked at: the first of the file. */
export function clockShiftOfFirst(
  onClock: { readonly startSeconds: number },
  probe: MediaProbe,
  kind: 'audio' | 'video',
): number {
  const inFile = probe.streams.find((stream) => stream.kind === kind && !stream.attachedPicture)
  return inFile ? clockShiftSeconds(onClock, inFile) : 0
}
