/** Numbers as people read them, for reasons. */

/** "40 s", "3 min 20 s"; "24 h 1 min" from two hours on. */
export function secondsInWords(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const minutes = Math.round(whole / 60)
  if (whole >= 7200)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** "35 %". */
export function shareInWords(share: number): string {
  return `${Math.round(share * 100)} %`
}
