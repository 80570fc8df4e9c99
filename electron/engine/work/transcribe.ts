import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import { randomUUID } from 'node:crypto'
import type { TranscribeAnswer } from '../../../shared/contract/transcribe.ts'
import { recordsOf, requireRecord, streamsOf } from '../../../shared/document/document.ts'
import { momentsOfStream } from '../../../shared/document/clip-clock.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { defaultSpeakers } from '../../../shared/document/default-speakers.ts'
import { runsBySpeaker, speakersBefore } from '../../../shared/document/kept-speakers.ts'
import { speakerNamed } from '../../../shared/document/speakers.ts'
import { joinWords } from '../../../shared/document/word-texts.ts'
import { applyTimeMap } from '../../../shared/signal/time-map.ts'
import { speechSpans } from '../../../shared/signal/speech-spans.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { mediaOf } from '../assets/asset-location.ts'
import { audioStream, decodeMono } from '../media/decode-audio.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import { probeMedia } from '../media/probe.ts'
import { Encoders, SPEECH_HZ, SPEECH_STEP_SECONDS } from '../models/encoders.ts'
import type { Session } from '../session.ts'
import { chooseRecognizer } from '../speech/index.ts'
import type { Recognizer, RecognizedWord } from '../speech/recognizer.ts'
import type { Work } from './registry.ts'

interface Prepared {
  assetId: string | null
}

type Segment = TranscribeAnswer['segments'][number]

/** Decoded at a time: memory does not grow with the recording. */
const CHUNK_SECONDS = 600

/** Speech of the recordings to words on the time line: one gesture, and words of an earlier run are replaced. */
export const transcribeWork: Work<'transcribe', Prepared> = {
  kind: 'transcribe',
  lane: 'main',
  resumesByItself: true,
  prepare: ({ assetId }) => ({ assetId }),
  title: () => 'Transcribe speech',
  async run({ assetId }, session, { signal, progress, log }) {
    if (assetId) requireRecord(session.document, 'asset', assetId)
    const recognizer = await chooseRecognizer(session.options.home, signal, session.options.host.spawnModel)
    const assets = recordsOf(session.document, 'asset').filter((asset) => !assetId || asset.id === assetId)
    const heard = assets.flatMap((asset) => {
      const stream = streamsOf(session.document, asset.id).find((each) => each.sensor === 'audio')
      return stream ? [{ asset, stream }] : []
    })
    if (heard.length === 0) {
      throw new AsterismError('bad_input', say('media.nothingToTranscribe'), {
        fix: say('media.fix.importSound'),
      })
    }
    const segments: Segment[] = []
    const skipped: TranscribeAnswer['skipped'] = []
    const done: string[] = []
    const encoders = new Encoders(signal)
    try {
      for (const [n, { asset, stream }] of heard.entries()) {
        throwIfCancelled(signal)
        const report = (fraction: number): void =>
          progress((n + fraction) / heard.length, say('work.listening', { name: asset.title }))
        report(0)
        try {
          segments.push(...(await transcribeStream(session, stream, recognizer, encoders, signal, report)))
          done.push(asset.id)
        } catch (error) {
          if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
          log(`Not transcribed: ${error.message} (${asset.title})`)
          skipped.push({ asset: asset.id, reason: error.message })
        }
      }
    } finally {
      await encoders.close()
    }
    segments.sort((a, b) => a.start_s - b.start_s)
    keep(session, done, segments)
    return {
      recognizer: { id: recognizer.id, note: inEnglish(recognizer.note), said: recognizer.note },
      segments,
      skipped,
    }
  },
}

async function transcribeStream(
  session: Session,
  stream: Stream,
  recognizer: Recognizer,
  encoders: Encoders,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Segment[]> {
  const tools = await session.tools()
  const { path, rank: audioStreamIndex } = await mediaOf(session, stream)
  const probe = await probeMedia(path, tools, signal)
  const inFile = audioStream(probe, audioStreamIndex)
  const { startSeconds } = inFile
  const shiftSeconds = clockShiftSeconds(stream, inFile)
  const end = startSeconds + (stream.durationSeconds ?? 0)
  const segments: Segment[] = []
  for (let from = startSeconds; from < end; from += CHUNK_SECONDS) {
    const durationSeconds = Math.min(CHUNK_SECONDS, end - from)
    const share = (part: number): void =>
      onProgress((from - startSeconds + part * durationSeconds) / (end - startSeconds))
    const sound = await decodeMono(tools, path, {
      audioStreamIndex,
      sampleRateHz: SPEECH_HZ,
      startSeconds: from,
      durationSeconds,
      probe,
      signal,
    })
    const spans = speechSpans(await encoders.speech(sound.samples), SPEECH_STEP_SECONDS)
    share(0.2)
    if (spans.length === 0) continue
    const pieces = spans.map((span) =>
      sound.samples.subarray(Math.floor(span.startSeconds * SPEECH_HZ), Math.ceil(span.endSeconds * SPEECH_HZ)),
    )
    const words = await recognizer.recognize(pieces, { signal, onProgress: (fraction) => share(0.2 + 0.8 * fraction) })
    spans.forEach((span, n) => {
      const segment = segmentOf(session, stream, shiftSeconds + sound.startSeconds + span.startSeconds, words[n] ?? [])
      if (segment) segments.push(segment)
    })
  }
  return segments
}

/** Words to a segment on the project's clock; null where nothing was understood. */
function segmentOf(
  session: Session,
  stream: Stream,
  pieceSeconds: number,
  words: readonly RecognizedWord[],
): Segment | null {
  const map = momentsOfStream(session.document, stream.id)
  const at = (seconds: number): number => applyTimeMap(map, pieceSeconds + seconds)
  const first = words[0]
  const last = words.at(-1)
  if (!first || !last) return null
  return {
    asset: stream.assetId,
    start_s: at(first.startSeconds),
    end_s: at(last.endSeconds),
    text: joinWords(words.map((word) => word.text)),
    words: words.map((word) => ({ text: word.text, start_s: at(word.startSeconds), end_s: at(word.endSeconds) })),
  }
}

function keep(session: Session, assetIds: readonly string[], segments: readonly Segment[]): void {
  session.requireProject().commit({ label: inEnglish(say('step.transcribe')) }, (draft) => {
    const old = recordsOf(session.document, 'caption').filter(
      ({ source, assetId }) => source === 'transcribed' && assetIds.includes(assetId ?? ''),
    )
    for (const { id } of old) draft.delete(id)
    const names = defaultSpeakers(session.document)
    const before = new Map(
      assetIds.map((assetId) => [assetId, speakersBefore(old.filter((caption) => caption.assetId === assetId))]),
    )
    for (const segment of segments) {
      const speaker = speakerNamed(draft, names.get(segment.asset) ?? '', () => `speaker:${randomUUID()}`)
      const words = segment.words.map((word) => {
        const startTicks = ticksFromSeconds(word.start_s)
        return { text: word.text, startTicks, endTicks: Math.max(ticksFromSeconds(word.end_s), startTicks + 1) }
      })
      for (const run of runsBySpeaker(words, before.get(segment.asset)!, speaker?.id ?? null)) {
        const id = `caption:${randomUUID()}`
        draft.set(id, {
          kind: 'caption',
          id,
          assetId: segment.asset,
          startTicks: run.words[0]!.startTicks,
          endTicks: run.words.at(-1)!.endTicks,
          text: joinWords(run.words.map(({ text }) => text)),
          source: 'transcribed',
          ...(run.speakerId === null ? {} : { speakerId: run.speakerId }),
          words: [...run.words],
        })
      }
    }
  })
}
