/** Reads WebVTT and SubRip captions. Broken cues are left out and counted; the rest is taken. */
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
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
}

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
  return (isVtt ? bare.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity) : bare).trim()
}

/** What a cue says, by voice: WebVTT lets several speak in one. */
function voicesOf(text: string, isVtt: boolean): { readonly text: string; readonly speaker?: string }[] {
  // Of what is split at a group, every second part is the group.
  const parts = isVtt ? ['', ...text.split(VOICE)] : ['', text]
  const voices: { text: string; speaker?: string }[] = []
  for (let n = 0; n < parts.length; n += 2) {
    const said = plain(parts[n + 1] ?? '', isVtt)
    const speaker = plain(parts[n] ?? '', isVtt)
    if (said !== '') voices.push(speaker === '' ? { text: said } : { text: said, speaker })
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
      for (const voice of voicesOf(lines.slice(at + 1).join('\n'), isVtt))
        cues.push({ startSeconds: start, endSeconds: end, ...voice })
  }
  if (cues.length === 0 && !isVtt) {
    throw new AsterismError('corrupt_file', say('file.noCaptions'), {
      kept: say('kept.projectAsWas'),
    })
  }
  return { cues, broken }
}
