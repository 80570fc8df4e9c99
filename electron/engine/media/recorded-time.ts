/** When a recording says it was made. */
import type { FrameRate } from '../../../shared/units.ts'

type Tags = Readonly<Record<string, string>>

export interface RecordedTime {
  /** Nanoseconds since 1970, UTC. */
  readonly utcNanoseconds: string
  /** True when the tag carries its own time zone and is therefore no local time in disguise. */
  readonly hasZone: boolean
}

const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/
/** Before digital cameras, and QuickTime's zero (1904): a clock that was never set. */
const EARLIEST_YEAR = 1990
const MIDNIGHT_ROLLOVER_SECONDS = 86_400

/**
 * Out of the container's tags: Apple's own tag first, since it carries the time zone; `creation_time` after it, which
 * the format defines as UTC and many cameras fill with local time.
 */
export function recordedTime(tags: Tags): RecordedTime | null {
  const apple = parseIsoTime(tags['com.apple.quicktime.creationdate'])
  if (apple?.hasZone) return apple
  return parseIsoTime(tags['creation_time']) ?? apple
}

/** A date and time in ISO 8601; without a zone it is taken as UTC. Null for anything else and for unset clocks. */
export function parseIsoTime(value: string | undefined): RecordedTime | null {
  const match = ISO_TIME.exec(value?.trim() ?? '')
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match
  if (Number(year) < EARLIEST_YEAR) return null
  const milliseconds = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  const given = new Date(milliseconds)
  // Date.UTC carries the 31st of February over into March.
  if (given.getUTCMonth() !== +month - 1 || given.getUTCDate() !== +day || +hour > 23 || +minute > 59) return null
  const nanoseconds = BigInt(milliseconds - zoneMilliseconds(zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
  // `creation_time` always ends in Z, also where the camera wrote its wall clock.
  return { utcNanoseconds: nanoseconds.toString(), hasZone: zone !== undefined && zone !== 'Z' }
}

function zoneMilliseconds(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '')
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}

/** A timecode of the form HH:MM:SS:FF, with `;` or `.` before the frames where frame numbers are dropped. */
export function isTimecode(value: string | undefined): value is string {
  return value !== undefined && /^\d\d:[0-5]\d:[0-5]\d[:;.]\d\d\d*$/.test(value)
}

/**
 * The samples since midnight that sound recorders write (EBU Tech 3285, `TimeReference`), as a timecode whose frames
 * are samples, so that nothing is rounded: `01:02:03:12345` at the rate `48000/1`.
 */
export function timecodeFromSamples(samples: number, sampleRateHz: number): { start: string; rate: string } | null {
  if (!Number.isSafeInteger(samples) || samples <= 0 || !Number.isSafeInteger(sampleRateHz)) return null
  const seconds = Math.floor(samples / sampleRateHz)
  if (seconds >= MIDNIGHT_ROLLOVER_SECONDS) return null
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return { start: `${clock}:${two(samples % sampleRateHz)}`, rate: `${sampleRateHz}/1` }
}

/** A frame rate as clocks carry it: `30000/1001`. */
export function rateText(rate: FrameRate): string {
  return `${rate.numerator}/${rate.denominator}`
}
