/** What a build of ffmpeg can do. Builds differ in their codecs far more than in their version. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { runTool } from './run-tool.ts'
import { keptAnswer } from './tool-answers.ts'
import type { MediaTool } from './tools.ts'

const LIST_TIMEOUT_MILLISECONDS = 10_000
const LISTS = {
  '-codecs': /^ D[.E][VASDT]\S*\s+(\S+)/,
  '-encoders': /^ [VAS][.A-Z]{5}\s+(\S+)/,
  '-filters': /^ [.TSC]{2,3}\s+(\S+)/,
} as const
const known = new Map<string, Promise<ReadonlySet<string>>>()

/** Encoders by their own names: libx264, aac … @throws AsterismError `tool_failed`, `timeout`, `cancelled`. */
export function encodersOf(ffmpeg: MediaTool, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return listed(ffmpeg, '-encoders', signal)
}

/** @throws AsterismError `tool_failed`, `timeout`, `cancelled`. */
export function filtersOf(ffmpeg: MediaTool, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return listed(ffmpeg, '-filters', signal)
}

/** Codecs that can be decoded, as ffprobe names them. @throws AsterismError `tool_failed`, `timeout`, `cancelled`. */
export function decodableCodecs(ffmpeg: MediaTool, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return listed(ffmpeg, '-codecs', signal)
}

/** Asks once per process and list, and ffmpeg itself once for each build of it. */
function listed(ffmpeg: MediaTool, list: keyof typeof LISTS, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const key = `${list} ${ffmpeg.path}`
  const cached = known.get(key)
  if (cached) return cached
  const asked = ask(ffmpeg, list, signal)
  known.set(key, asked)
  // A question that was cancelled is asked again.
  asked.catch(() => known.delete(key))
  return asked
}

async function ask(ffmpeg: MediaTool, list: keyof typeof LISTS, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const answer = await keptAnswer(ffmpeg.path, list, async () => {
    const result = await runTool(ffmpeg, ['-hide_banner', list], {
      signal,
      timeoutMilliseconds: LIST_TIMEOUT_MILLISECONDS,
    })
    return result.exitCode === 0 ? result.stdout.toString('utf8') : null
  })
  if (answer === null) throw new AsterismError('tool_failed', say('tool.noAnswer', { list }), { path: ffmpeg.path })
  return names(answer.split('\n'), LISTS[list])
}

function names(lines: readonly string[], pattern: RegExp): Set<string> {
  const found = new Set<string>()
  for (const line of lines) {
    const name = pattern.exec(line)?.[1]
    // The legend above the list has `=` in its place.
    if (name !== undefined && name !== '=') found.add(name)
  }
  return found
}
