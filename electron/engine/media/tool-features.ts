/** What a build of ffmpeg can do. Builds differ in their codecs far more than in their version. */
import { AsterismError } from '../../../shared/errors.ts'
import { runTool } from './run-tool.ts'
import type { MediaTool } from './tools.ts'

export interface ToolFeatures {
  /** Codecs that can be decoded, as ffprobe names them. */
  readonly decodableCodecs: ReadonlySet<string>
  /** Encoders by their own names: libx264, aac … */
  readonly encoders: ReadonlySet<string>
  readonly filters: ReadonlySet<string>
}

const LIST_TIMEOUT_MILLISECONDS = 10_000
const known = new Map<string, Promise<ToolFeatures>>()

/** Asks ffmpeg once per process. @throws AsterismError `tool_failed`, `timeout`, `cancelled`. */
export function toolFeatures(ffmpeg: MediaTool, signal: AbortSignal): Promise<ToolFeatures> {
  const cached = known.get(ffmpeg.path)
  if (cached) return cached
  const features = ask(ffmpeg, signal)
  known.set(ffmpeg.path, features)
  // A question that was cancelled is asked again.
  features.catch(() => known.delete(ffmpeg.path))
  return features
}

async function ask(ffmpeg: MediaTool, signal: AbortSignal): Promise<ToolFeatures> {
  const list = async (what: string): Promise<string[]> => {
    const result = await runTool(ffmpeg, ['-hide_banner', what], {
      signal,
      timeoutMilliseconds: LIST_TIMEOUT_MILLISECONDS,
    })
    if (result.exitCode !== 0)
      throw new AsterismError('tool_failed', `ffmpeg does not answer ${what}.`, { path: ffmpeg.path })
    return result.stdout.toString('utf8').split('\n')
  }
  const [codecs, encoders, filters] = await Promise.all([list('-codecs'), list('-encoders'), list('-filters')])
  return {
    decodableCodecs: names(codecs, /^ D[.E][VASDT]\S*\s+(\S+)/),
    encoders: names(encoders, /^ [VAS][.A-Z]{5}\s+(\S+)/),
    filters: names(filters, /^ [.TSC]{2,3}\s+(\S+)/),
  }
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
