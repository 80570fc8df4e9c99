/**
 * Reads transcripts in JSON: our own (transcript.ts), and what the Whisper programs write: `segments` with `start`, `end`
 * and, where asked for, `words` (openai-whisper, faster-whisper, WhisperX with its `speaker`), or `transcription` with
 * `offsets` in milliseconds (whisper.cpp). Segments that cannot be read are left out and counted.
 */
import type { ReadCaptions, ReadCue } from './captions-read.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

function spanOf(fields: Fields): { startSeconds: number; endSeconds: number } | null {
  const offsets = fieldsOf(fields['offsets'])
  const [from, to] = [numberOf(offsets['from']), numberOf(offsets['to'])]
  const start = numberOf(fields['start_s']) ?? numberOf(fields['start']) ?? (from === null ? null : from / 1000)
  const end = numberOf(fields['end_s']) ?? numberOf(fields['end']) ?? (to === null ? null : to / 1000)
  return start === null || end === null || end < start ? null : { startSeconds: start, endSeconds: end }
}

function textOf(fields: Fields): string {
  const text = fields['text'] ?? fields['word']
  return typeof text === 'string' ? text.trim() : ''
}

function wordsOf(value: unknown): ReadCue['words'] {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const words = value.map(fieldsOf).map((fields) => ({ text: textOf(fields), span: spanOf(fields) }))
  // One without a time would have to be guessed, and then all might as well be.
  if (words.some(({ text, span }) => text === '' || span === null)) return undefined
  return words.map(({ text, span }) => ({ text, ...span! })).sort((a, b) => a.startSeconds - b.startSeconds)
}

function cueOf(fields: Fields): ReadCue | null {
  const span = spanOf(fields)
  const text = textOf(fields)
  if (!span || span.endSeconds === span.startSeconds || text === '') return null
  const speaker = fields['speaker']
  const words = wordsOf(fields['words'])
  return {
    ...span,
    text,
    ...(typeof speaker === 'string' && speaker !== '' ? { speaker } : {}),
    ...(words ? { words } : {}),
  }
}

/** Null for JSON that is no transcript. */
export function readTranscript(content: string): ReadCaptions | null {
  let json: Fields
  try {
    json = fieldsOf(JSON.parse(content.replace(/^\uFEFF/, '')))
  } catch {
    return null
  }
  const segments = json['segments'] ?? json['transcription']
  if (!Array.isArray(segments)) return null
  const cues = segments.map((segment) => cueOf(fieldsOf(segment)))
  const read = cues.filter((cue) => cue !== null)
  if (read.length === 0) return null
  return { cues: read, broken: cues.length - read.length }
}
