/** Captions as WebVTT (W3C): cue times on the project's time line. */
import type { Caption } from '../../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** `hh:mm:ss.mmm`, rounded to the nearest millisecond; a time before zero is zero. */
export function vttTime(seconds: number): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000))
  const whole = Math.floor(milliseconds / 1000)
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':')
  return `${clock}.${String(milliseconds % 1000).padStart(3, '0')}`
}

/** Text that cannot end its cue or be read as a tag; a blank line in it would start the next cue. */
function cueText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\0/g, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\n\s*\n/g, '\n')
    .trim()
}

/** The captions in the order given; those without words or of no length in milliseconds are left out. */
export function vttText(captions: readonly Caption[]): string {
  const cues = captions.flatMap((caption) => {
    const [start, end] = [vttTime(secondsFromTicks(caption.startTicks)), vttTime(secondsFromTicks(caption.endTicks))]
    const text = cueText(caption.text)
    return text === '' || caption.endTicks <= caption.startTicks || start === end
      ? []
      : [`${start} --> ${end}\n${text}\n`]
  })
  return ['WEBVTT\n', ...cues].join('\n')
}
