/** Formats numbers and streams for a terminal. */
import type { StreamAnswer } from '../../../shared/contract/answers.ts'

export function describeStream(stream: StreamAnswer): string {
  const parts = [
    stream.kind,
    stream.title,
    stream.codec,
    stream.width && stream.height ? `${stream.width}x${stream.height}` : undefined,
    stream.frame_rate ? `${Number(stream.frame_rate.toFixed(3))} fps` : undefined,
    stream.sample_rate_hz && stream.kind !== 'video' ? `${Number(stream.sample_rate_hz.toFixed(3))} Hz` : undefined,
    stream.channels ? `${stream.channels} channel${stream.channels > 1 ? 's' : ''}` : undefined,
    stream.point_count ? `${stream.point_count.toLocaleString('en')} points` : undefined,
    stream.triangle_count ? `${stream.triangle_count.toLocaleString('en')} triangles` : undefined,
    stream.duration_s ? `${stream.duration_s.toFixed(3)} s` : undefined,
    stream.gaps?.length ? `${stream.gaps.length} gap${stream.gaps.length > 1 ? 's' : ''}` : undefined,
  ]
  return parts.filter(Boolean).join(', ')
}

export function refusalLines(refused: readonly { path: string; code: string; reason: string }[]): string[] {
  return refused.map((refusal) => `refused: ${refusal.reason} (${refusal.code}) ${refusal.path}`)
}

/** 0 when every input was taken, 3 when any was refused. */
export function exitFor(refused: number): 0 | 3 {
  return refused > 0 ? 3 : 0
}

/** Seconds with a sign, to a tenth of a millisecond. */
export function signedSeconds(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(4)} s`
}

export function signedPpm(ppm: number): string {
  return `${ppm < 0 ? '−' : '+'}${Math.abs(ppm).toFixed(1)} ppm`
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

/** Bytes in the unit that reads best. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}
