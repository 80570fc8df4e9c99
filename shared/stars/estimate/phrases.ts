/** Numbers as people read them, for reasons. */

/** "40 s", "3 min 20 s". */
export function secondsInWords(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** "35 %". */
export function shareInWords(share: number): string {
  return `${Math.round(share * 100)} %`
}
