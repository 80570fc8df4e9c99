/** One picture of the timeline in its recording's full size: the one that is on screen while the playhead stands there. */
import { AsterismError } from '../../../../shared/errors.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { refuseFailure, runTool } from '../../media/run-tool.ts'
import { toneMapFilters } from '../../media/proxy.ts'
import { requireTool } from '../../media/tools.ts'
import type { ExportInput, ExportOptions } from '../export/exporter.ts'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import type { ProjectView } from '../package/project-view.ts'
import { decodeArguments, inputMatrix, shownSize } from './frames.ts'
import { planRender } from './plan.ts'
import { SourceShelf } from './source-media.ts'

export type StillCodec = 'png' | 'jpeg'

/**
 * A render shows the picture nearest to a moment, a player the last that has begun: asked a little less than half a
 * frame earlier, both are the same one, also where a moment is rounded to just before a picture's own.
 */
const EARLIER_FRAMES = 0.49
const LONGEST_MILLISECONDS = 120_000
const LARGEST_BYTES = 1 << 30

const ENCODERS: Readonly<Record<StillCodec, readonly string[]>> = {
  png: ['-pix_fmt', 'rgb24', '-c:v', 'png'],
  // What a JPEG file means by its numbers is fixed (JFIF): BT.601, full range.
  jpeg: ['-pix_fmt', 'yuvj444p', '-c:v', 'mjpeg', '-q:v', '2', '-huffman', 'optimal'],
}

/**
 * @param atSeconds On the project's clock.
 * @throws AsterismError `bad_input` where no picture is on the timeline there.
 */
export async function renderStill(
  view: ProjectView,
  input: ExportInput,
  atSeconds: number,
  codec: StillCodec,
  options: ExportOptions,
): Promise<Uint8Array> {
  const signal = options.signal ?? new AbortController().signal
  const rate = sequenceRate(view)
  const period = rate.denominator / rate.numerator
  const fromSeconds = atSeconds - EARLIER_FRAMES * period
  const tracks = view.tracks.filter((track) => !track.muted && track.sensor === 'video' && track.clips.length > 0)
  const plan = tracks.length > 0 && planRender(view, rate, { tracks, fromSeconds, toSeconds: fromSeconds + period })
  const piece = plan ? plan.pictures[0] : undefined
  if (!plan || !piece?.source) {
    throw new AsterismError('bad_input', say('export.noPictureAt', { seconds: fixedAmount(atSeconds, 3) }), {
      fix: say('export.fix.timeWithPicture'),
    })
  }
  const ffmpeg = requireTool(input.tools, 'ffmpeg')
  const media = await new SourceShelf(view, input, signal).mediaOf(piece.source.stream)
  const { width, height } = shownSize(media.stream)
  const scale = [
    `scale=${width}:${height}`,
    'flags=bicubic+accurate_rnd+full_chroma_int',
    inputMatrix(media.stream),
    codec === 'jpeg' ? 'out_color_matrix=bt601:out_range=pc' : '',
  ]
  const toned = await toneMapFilters(media.stream, ffmpeg, signal)
  const filters = [...toned, scale.filter(Boolean).join(':'), 'setsar=1']
  const output = ['-frames:v', '1', ...ENCODERS[codec], '-fflags', '+bitexact', '-f', 'image2pipe', 'pipe:1']
  const result = await runTool(
    ffmpeg,
    decodeArguments(plan, { ...piece, source: piece.source, frames: 1 }, media, filters, output),
    { signal, timeoutMilliseconds: LONGEST_MILLISECONDS, maxOutputBytes: LARGEST_BYTES },
  )
  const failure = { path: media.probe.path, code: 'corrupt_file', hasOutput: result.stdout.length > 0 } as const
  if (refuseFailure(result, say('tool.pictureDecoded'), failure)) options.onNote?.(say('note.damagedStill'))
  if (result.stdout.length === 0) {
    throw new AsterismError('corrupt_file', say('media.noPictureDecodes'), {
      path: media.probe.path,
      fix: say('export.fix.otherTime'),
    })
  }
  return result.stdout
}
