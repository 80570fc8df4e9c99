/** Every recording plays from its first to its last packet. */
import { join } from 'node:path'
import { COMMON_ARGUMENTS, inputArguments, runTool } from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { finding, some, type PackageCheck } from './check.ts'

const TIMEOUT_MILLISECONDS = 12 * 3600_000
/** Said of the time stamps of the empty output, not of the recording. */
const ABOUT_THE_OUTPUT = /non monotonically increasing dts|Invalid DTS: .*PTS:/i

/** The first complaint without the decoder's address in memory, which differs on every run. */
function firstComplaint(lines: readonly string[]): Wording {
  const [first] = lines
  if (first === undefined) return say('check.unreadable')
  return first
    .replace(/^(\[[^\]]*\]\s*)+/, '')
    .replace(/0x[0-9a-f]+/gi, 'an address')
    .slice(0, 200)
}

async function complaints(
  ffmpeg: MediaTool,
  path: string,
  signal: AbortSignal,
  onSeconds: (seconds: number) => void,
): Promise<Wording | null> {
  const lines: string[] = []
  const result = await runTool(
    ffmpeg,
    [
      ...COMMON_ARGUMENTS,
      ...'-v error -progress pipe:1'.split(' '),
      ...inputArguments(path),
      ...'-map 0:v? -map 0:a? -f null -'.split(' '),
    ],
    {
      signal,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      onStdout: (chunk) => {
        const time = /out_time_us=(\d+)/.exec(chunk.toString('latin1'))
        if (time !== null) onSeconds(Number(time[1]) / 1e6)
      },
      onStderrLine: (line) => {
        if (line.trim() !== '' && !ABOUT_THE_OUTPUT.test(line) && lines.length < 100) lines.push(line)
      },
    },
  )
  if (result.exitCode === 0 && lines.length === 0) return null
  // The path of the package is of this machine.
  return firstComplaint(lines.map((line) => line.replaceAll(`file:${path}`, 'it').replaceAll(path, 'it')))
}

export const decodes: PackageCheck = {
  id: 'decodes',
  blocking: true,
  async run({ assets, directory, tools, signal, onProgress }) {
    const files = assets.flatMap((asset) => [...asset.probes])
    const unreadable = assets.flatMap((asset) => asset.unreadable)
    if (files.length + unreadable.length === 0) return finding(true, say('check.noRecordings'))
    if (tools.ffmpeg === null) {
      return finding(false, say('check.noFfmpeg'), say('check.fix.ffmpeg'))
    }
    const total = files.reduce((sum, [, probe]) => sum + probe.durationSeconds, 0) || 1
    const broken = unreadable.map((path) => say('check.of', { path, fault: say('check.unreadable') }))
    let doneSeconds = 0
    for (const [path, probe] of files) {
      const before = doneSeconds
      const complaint = await complaints(tools.ffmpeg, join(directory, path), signal, (seconds) =>
        onProgress(Math.min(1, (before + Math.min(seconds, probe.durationSeconds)) / total)),
      )
      if (complaint !== null) broken.push(say('check.of', { path, fault: complaint }))
      doneSeconds += probe.durationSeconds
    }
    if (broken.length === 0) return finding(true, say('check.decodes', { count: files.length }))
    const all = files.length + unreadable.length
    const detail = say('check.damaged', { broken: broken.length, count: all, which: some(broken) })
    return finding(false, detail, say('check.fix.damaged'))
  },
}
