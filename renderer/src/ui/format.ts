/** How numbers read in the window. */
import { byteWords as bytesIn } from '../../../shared/sayings/amounts.ts'
import { decimalWords, figureWords } from '../i18n/text.ts'

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `01:02.34` of what is shorter than an hour, else `24:00:00`. */
export function shortClock(seconds: number): string {
  const [, sign, time] = /^(−?)(.*)$/.exec(clockTime(seconds))!
  return sign! + (Math.abs(seconds) < 3600 ? time!.slice(3, 11) : time!.slice(0, 8))
}

/** `00:01:02.345`, with a sign before negative times. */
export function clockTime(seconds: number): string {
  const milliseconds = Math.round(Math.abs(seconds) * 1000)
  const part = (value: number, digits: number): string => String(value).padStart(digits, '0')
  const text = `${part(Math.floor(milliseconds / 3_600_000), 2)}:${part(Math.floor(milliseconds / 60_000) % 60, 2)}:${part(Math.floor(milliseconds / 1000) % 60, 2)}.${part(milliseconds % 1000, 3)}`
  return seconds < 0 && milliseconds > 0 ? `−${text}` : text
}

/** A standard deviation in the unit that suits it: `0.14 ms`, `23 ms`, `1.2 s`. */
export function sigmaWords(seconds: number): string {
  if (seconds < 1e-5) return `${decimalWords(seconds * 1e6, 1)} µs`
  if (seconds < 1e-3) return `${decimalWords(seconds * 1e3, 2)} ms`
  return seconds < 1 ? `${decimalWords(seconds * 1e3, 0)} ms` : `${decimalWords(seconds, 1)} s`
}

/** A time with its standard deviation: `+3.7002 s ± 0.10 ms`. */
export function withSigma(seconds: number, sigmaSeconds: number): string {
  return `${signed(seconds, 4)} s ± ${sigmaWords(sigmaSeconds)}`
}

export function signed(value: number, digits: number): string {
  const size = decimalWords(Math.abs(value), digits)
  // What is rounded to nothing has no direction.
  return `${value < 0 && /[1-9]/.test(size) ? '−' : '+'}${size}`
}

export function percentWords(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

export function byteWords(bytes: number): string {
  return bytesIn(bytes, decimalWords)
}

/** A long id or address, shortened in the middle. */
export function shortened(text: string, keep = 6): string {
  return text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`
}

/** The last part of a path, whichever system wrote it. */
export function nameOfPath(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}

/** A button that opens a dialog ends with dots; the dialog's own title does not. */
export const withoutDots = (label: string): string => label.replace(/\s?…$/, '')

/** A number of about three figures, as beside an axis: `0.0123`, `1.5`, `204`. */
export const shortFigure = (value: number): string =>
  figureWords(Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))))
