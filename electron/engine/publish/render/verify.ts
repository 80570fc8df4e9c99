/** Looks at a finished render before it gets its name: every frame there and at its time, everything decodes. */
import { AsterismError } from '../../../../shared/errors.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import { COMMON_ARGUMENTS, fileUrl, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'

export interface ExpectedRender {
  /** Null for sound alone. */
  readonly picture: { readonly frames: number; readonly rate: FrameRate } | null
  /** Seconds; null where there is none. */
  readonly soundSeconds: number | null
}

/** WebM counts in milliseconds. */
const TIME_TOLERANCE_SECONDS = 0.0011
/** What encoders of sound add or take at the ends: two blocks of AAC. */
const SOUND_TOLERANCE_SECONDS = 0.06
const TIMEOUT_MILLISECONDS = 6 * 3600_000

function fault(what: Saying, path: string): AsterismError {
  return new AsterismError('tool_failed', say('export.checkFailed', { what }), {
    path,
    kept: say('export.notNamed'),
    fix: say('export.fix.againOrReport'),
  })
}

/** Times of all pictures and the end of the sound, by their packets. */
async function packetTimes(
  tools: MediaTools,
  path: string,
  signal: AbortSignal,
): Promise<{ pictures: number[]; soundEnd: number | null }> {
  const pictures: number[] = []
  let soundEnd: number | null = null
  let rest = ''
  const result = await runTool(
    requireTool(tools, 'ffprobe'),
    ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'packet=codec_type,pts_time,duration_time', '-i', fileUrl(path)],
    {
      signal,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      onStdout: (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const [kind, time, duration] = line.split(',')
          const seconds = Number(time)
          if (!Number.isFinite(seconds)) continue
          if (kind === 'video') pictures.push(seconds)
          if (kind === 'audio') soundEnd = Math.max(soundEnd ?? 0, seconds + (Number(duration) || 0))
        }
      },
    },
  )
  if (result.exitCode !== 0) throw fault(say('export.found.unreadable'), path)
  return { pictures, soundEnd }
}

async function decodeAll(tools: MediaTools, path: string, signal: AbortSignal): Promise<void> {
  const args = [...COMMON_ARGUMENTS, '-v', 'error', '-xerror', '-i', fileUrl(path)]
  const result = await runTool(requireTool(tools, 'ffmpeg'), [...args, '-map', '0', '-f', 'null', '-'], {
    signal,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    stallMilliseconds: 3600_000,
  })
  if (result.exitCode !== 0 || /error|invalid|corrupt|concealing/i.test(result.stderrTail)) {
    throw fault(say('export.found.undecodable'), path)
  }
}

/** @throws AsterismError `tool_failed` saying what is wrong with it. */
export async function verifyRender(
  tools: MediaTools,
  path: string,
  expected: ExpectedRender,
  signal: AbortSignal,
): Promise<void> {
  const { pictures, soundEnd } = await packetTimes(tools, path, signal)
  if (expected.picture) {
    const { frames, rate } = expected.picture
    if (pictures.length !== frames)
      throw fault(say('export.found.pictures', { found: pictures.length, wanted: frames }), path)
    const period = rate.denominator / rate.numerator
    pictures.sort((a, b) => a - b)
    const wrong = pictures.findIndex((time, n) => Math.abs(time - n * period) > TIME_TOLERANCE_SECONDS)
    if (wrong >= 0)
      throw fault(say('export.found.pictureTime', { picture: wrong, seconds: fixedAmount(pictures[wrong]!, 4) }), path)
  }
  if (expected.soundSeconds !== null) {
    if (soundEnd === null) throw fault(say('export.found.noSound'), path)
    const off = soundEnd - expected.soundSeconds
    if (Math.abs(off) > SOUND_TOLERANCE_SECONDS)
      throw fault(say('export.found.soundOff', { seconds: fixedAmount(off, 3) }), path)
  }
  await decodeAll(tools, path, signal)
}
