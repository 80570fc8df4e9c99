/** The files behind the streams of a project, opened and probed once each. */
import type { Stream } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { ClockMap } from '../../../../shared/signal/time-map.ts'
import { chooseImporter } from '../../import/describe.ts'
import { openSource } from '../../import/source.ts'
import { clockShiftSeconds } from '../../media/file-clock.ts'
import { probeMedia, type MediaProbe, type MediaStream } from '../../media/probe.ts'
import type { ExportInput } from '../export/exporter.ts'
import { requirePath } from '../export/refusals.ts'
import type { ProjectView } from '../package/project-view.ts'

export interface SourceMedia {
  readonly probe: MediaProbe
  readonly stream: MediaStream
  /** What is to be added to the file's own time to be on the stream's clock. */
  readonly shiftSeconds: number
}

/** A map of a stream's clock as a map of the file's own time. */
export function onFileTime(map: ClockMap, { shiftSeconds }: SourceMedia): ClockMap {
  if (shiftSeconds === 0) return map
  return {
    ...map,
    offsetSeconds: map.offsetSeconds + (1 + map.ratePpm * 1e-6) * shiftSeconds,
    knots: map.knots?.map((knot) => ({ ...knot, clockSeconds: knot.clockSeconds - shiftSeconds })),
  }
}

export class SourceShelf {
  readonly #view: ProjectView
  readonly #input: ExportInput
  readonly #signal: AbortSignal
  readonly #paths = new Map<string, Promise<string>>()
  readonly #probes = new Map<string, Promise<MediaProbe>>()

  constructor(view: ProjectView, input: ExportInput, signal: AbortSignal) {
    this.#view = view
    this.#input = input
    this.#signal = signal
  }

  /** The file that holds a stream: the asset itself, or a file inside a capture folder. */
  async pathOf(stream: Stream): Promise<string> {
    let path = this.#paths.get(stream.id)
    if (!path) {
      path = this.#locate(stream)
      this.#paths.set(stream.id, path)
    }
    return await path
  }

  /** @throws AsterismError `not_found` when the file is gone, `bad_input` when it holds the stream no more. */
  async mediaOf(stream: Stream): Promise<SourceMedia> {
    const path = await this.pathOf(stream)
    let pending = this.#probes.get(path)
    if (!pending) {
      pending = probeMedia(path, this.#input.tools, this.#signal)
      this.#probes.set(path, pending)
    }
    const probe = await pending
    const rank = this.rankOf(stream)
    const found = probe.streams.find(
      (each) => each.kind === stream.sensor && !each.attachedPicture && each.kindIndex === rank,
    )
    if (found) return { probe, stream: found, shiftSeconds: clockShiftSeconds(stream, found) }
    throw new AsterismError('bad_input', `The recording holds no ${stream.sensor} stream ${rank} any more.`, {
      path,
      fix: 'Import it again.',
    })
  }

  /** Counts the streams of one kind in a recording. */
  rankOf(stream: Stream): number {
    return this.#view
      .streamsOf(stream.assetId)
      .filter((each) => each.sensor === stream.sensor && each.index < stream.index).length
  }

  async #locate(stream: Stream): Promise<string> {
    const title = this.#view.asset(stream.assetId)?.title ?? stream.assetId
    const source = await openSource(requirePath(this.#input.assetPath(stream.assetId), title))
    if (!source.isDirectory) return source.path
    return chooseImporter(source).mediaPath?.(source, stream.index) ?? source.path
  }
}
