/** The files behind the streams of a project, opened and probed once each. */
import type { Stream } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ClockMap } from '../../../../shared/signal/time-map.ts'
import { chooseImporter } from '../../import/describe.ts'
import { locateMedia, type MediaLocation } from '../../import/media/location.ts'
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
  readonly #locations = new Map<string, Promise<MediaLocation>>()
  readonly #probes = new Map<string, Promise<MediaProbe>>()

  constructor(view: ProjectView, input: ExportInput, signal: AbortSignal) {
    this.#view = view
    this.#input = input
    this.#signal = signal
  }

  /** The file that holds a stream: the asset itself, or a file inside a capture folder. */
  async pathOf(stream: Stream): Promise<string> {
    return (await this.#locationOf(stream)).path
  }

  /** @throws AsterismError `not_found` when the file is gone, `bad_input` when it holds the stream no more. */
  async mediaOf(stream: Stream): Promise<SourceMedia> {
    const { path, rank } = await this.#locationOf(stream)
    let pending = this.#probes.get(path)
    if (!pending) {
      pending = probeMedia(path, this.#input.tools, this.#signal)
      this.#probes.set(path, pending)
    }
    const probe = await pending
    const found = probe.streams.find(
      (each) => each.kind === stream.sensor && !each.attachedPicture && each.kindIndex === rank,
    )
    if (found) return { probe, stream: found, shiftSeconds: clockShiftSeconds(stream, found) }
    throw new AsterismError(
      'bad_input',
      say('export.streamGone', {
        kind: say(stream.sensor === 'audio' ? 'export.kind.audio' : 'export.kind.video'),
        rank,
      }),
      {
        path,
        fix: say('export.fix.importAgain'),
      },
    )
  }

  async #locationOf(stream: Stream): Promise<MediaLocation> {
    const location = this.#locations.get(stream.id) ?? this.#locate(stream)
    this.#locations.set(stream.id, location)
    return await location
  }

  async #locate(stream: Stream): Promise<MediaLocation> {
    const title = this.#view.asset(stream.assetId)?.title ?? stream.assetId
    const source = await openSource(requirePath(this.#input.assetPath(stream.assetId), title))
    const context = { tools: this.#input.tools, signal: this.#signal }
    const streams = this.#view.streamsOf(stream.assetId)
    return await locateMedia({ source, importer: chooseImporter(source) }, stream, streams, context)
  }
}
