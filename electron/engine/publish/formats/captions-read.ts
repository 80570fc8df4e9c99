/** Reads WebVTT and SubRip captions. Broken cues are left out and counted; the rest is taken. */
import { joinWords, wordsIn } from '../../../../shared/document/word-texts.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export interface ReadCue {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
  /** Who speaks, where the file says it. */
  readonly speaker?: string
  /** Its words one by one, where the file says when each was spoken. */
  readonly words?: readonly { readonly text: string; readonly startSeconds: number; readonly endSeconds: number }[]
}

export interface ReadCaptions {
  readonly cues: readonly ReadCue[]
  /** Cues whose times cannot be read, or that end before they start. */
  readonly broken: number
}

const ARROW = /^\s*(\S+)\s+-->\s+(\S+)/
const ENTITIES = new Map<string, string>(
  Object.entries({
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&nbsp;': '\u00a0',
    '&lrm;': '\u200e',
    '&rlm;': '\u200f',
  }),
)

function secondsOf(time: string): number | null {
  const match = /^(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})$/.exec(time)
  if (!match) return null
  const [, hours = '0', minutes, seconds, fraction = '0'] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction.padEnd(3, '0')) / 1000
}

/** Opens what one voice says, as in `<v.loud Anna>`. */
const VOICE = /<v(?:\.[^\s<>]*)?[ \t]+([^<>\n]*)>/

function plain(text: string, isVtt: boolean): string {
  const bare = text.replace(/<[^<>\n]*>/g, '')
  return (isVtt ? bare.replace(/&\w+;/g, (entity) => ENTITIES.get(entity) ?? entity) : bare).trim()
}

/** Within a cue of WebVTT: what follows begins then. */
const WITHIN = /<((?:\d+:)?\d{2}:\d{2}\.\d{3})>/

/**
 * The words of what one voice says, where times stand in it: each lasts until the next time. Words that share a time get
 * as much of it as they have letters. Undefined without times, or where they do not follow one another within the cue.
 */
function wordsOf(text: string, startSeconds: number, endSeconds: number): ReadCue['words'] {
  const parts = text.split(WITHIN)
  const times = [startSeconds, ...parts.filter((_, n) => n % 2 === 1).map((time) => secondsOf(time) ?? NaN), endSeconds]
  if (parts.length === 1 || times.some((time, n) => n > 0 && !(time >= times[n - 1]!))) return undefined
  return times.slice(1).flatMap((to, n) => {
    const from = times[n]!
    const words = wordsIn(plain(parts[2 * n] ?? '', true))
    const letters = words.reduce((sum, word) => sum + word.length, 0)
    let done = 0
    return words.map((word) => {
      const at = (count: number): number => from + ((to - from) * count) / letters
      const span = { text: word, startSeconds: at(done), endSeconds: at(done + word.length) }
      done += word.length
      return span
    })
  })
}

/** What a cue says, by voice: WebVTT lets several speak in one. */
function voicesOf(
  text: string,
  isVtt: boolean,
  startSeconds: number,
  endSeconds: number,
): Pick<ReadCue, 'text' | 'speaker' | 'words'>[] {
  // Of what is split at a group, every second part is the group.
  const parts = isVtt ? ['', ...text.split(VOICE)] : ['', text]
  const voices: Pick<ReadCue, 'text' | 'speaker' | 'words'>[] = []
  for (let n = 0; n < parts.length; n += 2) {
    const said = plain(parts[n + 1] ?? '', isVtt)
    const speaker = plain(parts[n] ?? '', isVtt)
    const words = isVtt ? wordsOf(parts[n + 1] ?? '', startSeconds, endSeconds) : undefined
    if (said !== '')
      voices.push({
        text: words ? joinWords(words.map((word) => word.text)) : said,
        ...(speaker !== '' && { speaker }),
        ...(words && { words }),
      })
  }
  return voices
}

/** @throws AsterismError `corrupt_file` when there is not one readable cue and the text is no empty WebVTT file. */
export function readCaptions(content: string): ReadCaptions {
  const body = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const isVtt = /^WEBVTT(?:[ \t\n]|$)/.test(body)
  const cues: ReadCue[] = []
  let broken = 0
  for (const block of body.split(/\n{2,}/)) {
    const lines = block.split('\n')
    if (/^(NOTE|STYLE|REGION)(\s|$)/.test(lines[0] ?? '')) continue
    const at = lines.findIndex((line) => line.includes('-->'))
    if (at < 0) continue
    const times = ARROW.exec(lines[at]!)
    const [start, end] = [secondsOf(times?.[1] ?? ''), secondsOf(times?.[2] ?? '')]
    if (start === null || end === null || end <= start) broken += 1
    else
      for (const voice of voicesOf(lines.slice(at + 1).join('\n'), isVtt, start, end))
        cues.push({ startSeconds: start, endSeconds: end, ...voice })
  }
  if (cues.length === 0 && !isVtt) {
    throw new AsterismError('corrupt_file', say('file.noCaptions'), {
      kept: say('kept.projectAsWas'),
    })
  }
  return { cues, broken }
}
