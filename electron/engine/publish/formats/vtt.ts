/** Captions as WebVTT (W3C) and as SubRip: cue times on the project's time line. */
import type { Caption } from '../../../../shared/document/records.ts'
import { between, joinWords } from '../../../../shared/document/word-texts.ts'
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

/** Text that cannot end its cue; a blank line in it would start the next one. */
function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\0/g, '\uFFFD')
    .replace(/\n\s*\n/g, '\n')
    .trim()
}

/** Text that cannot be read as a tag either. */
export function cueText(text: string): string {
  return plainText(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

interface Cue {
  readonly start: string
  readonly end: string
  readonly text: string
}

/** Who speaks a caption, where that is to be said. */
type NameOf = (caption: Caption) => string | null
const NOBODY: NameOf = () => null

/** The captions in the order given; those without words or of no length in milliseconds are left out. */
function cuesOf(captions: readonly Caption[], textOf: (caption: Caption) => string): Cue[] {
  return captions.flatMap((caption) => {
    const [start, end] = [vttTime(secondsFromTicks(caption.startTicks)), vttTime(secondsFromTicks(caption.endTicks))]
    const isCue = plainText(caption.text) !== '' && caption.endTicks > caption.startTicks && start !== end
    return isCue ? [{ start, end, text: textOf(caption) }] : []
  })
}

/**
 * The words of a caption with the times at which they begin, and end where a pause follows, as WebVTT writes them within a
 * cue (`Put <00:00:01.200>the`). Times stand only where they are later than the last one, as the format demands.
 */
function timedText(caption: Caption): string {
  const { words = [] } = caption
  // Put right by hand, a text may be another than its words.
  if (joinWords(words.map(({ text }) => text)) !== caption.text) return cueText(caption.text)
  const end = vttTime(secondsFromTicks(caption.endTicks))
  let last = vttTime(secondsFromTicks(caption.startTicks))
  const stamp = (ticks: number): string => {
    const time = vttTime(secondsFromTicks(ticks))
    if (time <= last || time >= end) return ''
    last = time
    return `<${time}>`
  }
  let text = ''
  for (const [n, word] of words.entries()) {
    const before = words[n - 1]
    if (before && before.endTicks < word.startTicks) text += stamp(before.endTicks)
    text += (before ? between(before.text, word.text) : '') + stamp(word.startTicks) + cueText(word.text)
  }
  return text
}

/** @param nameOf names stand as voices (`<v Anna>`) */
export function vttText(captions: readonly Caption[], nameOf = NOBODY, isTimed = false): string {
  const textOf = (caption: Caption): string => {
    const name = nameOf(caption)
    const text = isTimed ? timedText(caption) : cueText(caption.text)
    return name === null ? text : `<v ${cueText(name)}>${text}`
  }
  return ['WEBVTT\n', ...cuesOf(captions, textOf).map((cue) => `${cue.start} --> ${cue.end}\n${cue.text}\n`)].join('\n')
}

/**
 * Numbered cues with a comma before the milliseconds. SubRip has no escapes: an arrow is written as one.
 *
 * @param nameOf names stand before what is said, as on television: SubRip has no voices
 */
export function srtText(captions: readonly Caption[], nameOf = NOBODY): string {
  const textOf = (caption: Caption): string => {
    const name = nameOf(caption)
    return plainText(name === null ? caption.text : `${name}: ${caption.text}`).replace(/-->/g, '→')
  }
  return cuesOf(captions, textOf)
    .map((cue, n) => `${n + 1}\n${cue.start.replace('.', ',')} --> ${cue.end.replace('.', ',')}\n${cue.text}\n`)
    .join('\n')
}
