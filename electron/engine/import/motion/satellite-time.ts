/** What satellites said of the time while a camera recorded: the UTC of its clock's zero. */

/** A moment on the recording's clock whose UTC a receiver with a fix told. */
export interface SatelliteMoment {
  readonly seconds: number
  /** Since 1970. */
  readonly utcSeconds: number
}

const LEAST_MOMENTS = 3
/** Moments that agree with the middle one; a receiver that has just found its fix jumps. */
const AGREE_SECONDS = 1
const LEAST_SHARE = 0.7
const GPS_EPOCH_SECONDS = 315_964_800
/** Between GPS time and UTC since 2017, before which no camera wrote CAMM. */
const LEAP_SECONDS = 18
/** No camera had a receiver before. */
const EARLIEST_SECONDS = Date.UTC(2005, 0, 1) / 1000
const LATEST_SECONDS = Date.UTC(2100, 0, 1) / 1000

/** Whether satellites can have said that it is so late: receivers that lost count are decades off. */
export function isOfSatellites(utcSeconds: number): boolean {
  return utcSeconds > EARLIEST_SECONDS && utcSeconds < LATEST_SECONDS
}

/** Nanoseconds since 1970 of the clock's zero; null where fewer than `least` moments agree. */
export function satelliteEpoch(moments: readonly SatelliteMoment[], least = LEAST_MOMENTS): string | null {
  const usable = moments.filter(({ seconds, utcSeconds }) => Number.isFinite(seconds) && isOfSatellites(utcSeconds))
  const zeros = usable.map(({ seconds, utcSeconds }) => utcSeconds - seconds).toSorted((one, two) => one - two)
  if (zeros.length < least) return null
  const middle = zeros[zeros.length >> 1]
  const agreeing = zeros.filter((each) => Math.abs(each - middle) <= AGREE_SECONDS).length
  if (agreeing < least || agreeing < LEAST_SHARE * zeros.length) return null
  return String(BigInt(Math.round(middle * 1e6)) * 1000n)
}

/** UTC of seconds since the GPS epoch (6 January 1980), which knows no leap seconds. */
export function utcOfGpsSeconds(gpsSeconds: number): number {
  return gpsSeconds + GPS_EPOCH_SECONDS - LEAP_SECONDS
}

/** `yymmddhhmmss.sss`, as GPMF writes it; null for anything else. */
export function utcOfGpmfText(text: string): number | null {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{1,3})?)/.exec(text)
  if (!match) return null
  const [year, month, day, hours, minutes, seconds] = match.slice(1).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hours > 23 || minutes > 59) return null
  return Date.UTC(2000 + year, month - 1, day, hours, minutes) / 1000 + seconds
}

/** Days since 2000 and seconds of that day, as newer GPMF writes them. */
export function utcOfDays(days: number, secondsOfDay: number): number {
  return Date.UTC(2000, 0, 1) / 1000 + days * 86_400 + secondsOfDay
}
