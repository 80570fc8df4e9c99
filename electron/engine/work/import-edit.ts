/** Files that change the timeline instead of adding a recording: edits of other programs, captions, labels. */
import { randomUUID } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { recordsOf, streamsOf } from '../../../shared/document/document.ts'
import { assetByName, placeEdit } from '../../../shared/document/place-edit.ts'
import { placeCaptions } from '../../../shared/document/place-captions.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { inEnglish, say, type Saying } from '../../../shared/sayings/saying.ts'
import { placeLabels } from '../../../shared/document/place-labels.ts'
import { readNamedFile } from '../named-file.ts'
import { isFlight } from '../import/motion/drone-captions.ts'
import { textOfBytes } from '../import/reading/text-encoding.ts'
import { readCaptions, type ReadCaptions } from '../publish/formats/captions-read.ts'
import { standardRate } from '../../../shared/document/edit-rates.ts'
import { editOfEdl, readEdl, type EdlMedia } from '../publish/formats/edl-read.ts'
import { readFcpxml } from '../publish/formats/fcpxml-read.ts'
import { editOfLlc, readLlc } from '../publish/formats/llc-read.ts'
import {
  isLabelsTable,
  readLabelsCsv,
  readLabelsJson,
  readLabelsVtt,
  type ReadLabels,
} from '../publish/formats/labels-read.ts'
import { readTranscript } from '../publish/formats/transcript-read.ts'
import { readOtio, type ReadClip, type ReadTimeline } from '../publish/formats/otio-read.ts'

type Draft = Map<string, DocumentRecord>
type EditAnswer = ImportAnswer['edits'][number]

export interface ReadEdit {
  readonly label: string
  /** As in `otio`, `vtt`: an interface of the command line. */
  readonly format: string
  /** Changes the document and says what came of it. */
  apply(draft: Draft): EditAnswer
}

/** What is read within seconds; the longest timelines that people make are a tenth of it. */
const LARGEST_BYTES = 50e6

async function textOf(path: string): Promise<string> {
  const bytes = await readNamedFile(path, LARGEST_BYTES, say('file.longEdit'))
  if (bytes.length === 0) throw new AsterismError('empty_file', say('file.nothing'), { path })
  return textOfBytes(bytes)
}

const nothing = { tracks: 0, clips: 0, markers: 0, captions: 0, labels: 0, unmatched: [] }

const warned = (said: readonly Saying[]): Pick<EditAnswer, 'warnings' | 'warnings_said'> => ({
  warnings: said.map(inEnglish),
  warnings_said: [...said],
})

const READERS: Readonly<Record<string, (path: string, content: string) => ReadEdit>> = {
  '.otio': (path, content) => {
    const edit = readOtio(content)
    return editReader('otio', path, () => edit)
  },
  '.edl': (path, content) => {
    const list = readEdl(content)
    return editReader('edl', path, (draft) => editOfEdl(list, (names) => edlMedia(draft, names)))
  },
  '.fcpxml': (path, content) => {
    const edit = readFcpxml(content)
    return editReader('fcpxml', path, (draft) => fromClockStart(draft, edit))
  },
  '.llc': (path, content) => {
    const project = readLlc(content)
    return editReader('llc', path, (draft) => editOfLlc(project, llcMedia(draft, project.mediaFileName)))
  },
  '.vtt': (path, content) => {
    const labels = readLabelsVtt(content)
    return labels ? labelReader('labels-vtt', path, labels) : captionReader('vtt', path, readCaptions(content))
  },
  '.srt': (path, content) => captionReader('srt', path, readCaptions(content)),
}

/** An edit that may ask the project for what its file does not say. */
function editReader(format: string, path: string, editFor: (draft: Draft) => ReadTimeline): ReadEdit {
  return {
    label: inEnglish(say('step.importEdit', { name: basename(path) })),
    format,
    apply(draft) {
      const edit = editFor(draft)
      const placed = placeEdit(draft, edit, randomUUID)
      return { ...nothing, path, format, ...placed, unmatched: [...placed.unmatched], ...warned(edit.warnings) }
    },
  }
}

function edlMedia(draft: Draft, names: readonly string[]): EdlMedia | undefined {
  const asset = assetByName(draft, names)
  if (!asset) return undefined
  const video = streamsOf(draft, asset.id).find(({ sensor }) => sensor === 'video')
  const clock = recordsOf(draft, 'clock').find((each) => each.assetId === asset.id && each.timecode !== null)
  return { rate: video?.frameRate && standardRate(video.frameRate), timecodeStart: clock?.timecode?.start }
}

/** Of a recording, the time of its first stream: what FCPXML calls the start of the media. */
function fromClockStart(draft: Draft, edit: ReadTimeline): ReadTimeline {
  const startOf = (clip: ReadClip): number => {
    const asset = assetByName(draft, [clip.targetUrl, clip.name])
    const streams = asset ? streamsOf(draft, asset.id) : []
    const timed = streams.filter(({ sensor }) => sensor === 'video' || sensor === 'audio')
    return timed.length > 0 ? Math.min(...timed.map(({ startSeconds }) => startSeconds)) : 0
  }
  const moved = (clip: ReadClip): ReadClip => ({ ...clip, sourceStartSeconds: clip.sourceStartSeconds + startOf(clip) })
  return { ...edit, tracks: edit.tracks.map((track) => ({ ...track, clips: track.clips.map(moved) })) }
}

function llcMedia(draft: Draft, fileName: string): Parameters<typeof editOfLlc>[1] {
  const asset = assetByName(draft, [fileName])
  if (!asset) return undefined
  const sensors = streamsOf(draft, asset.id).map(({ sensor }) => sensor)
  const kinds = (['Video', 'Audio'] as const).filter((kind) => sensors.some((sensor) => sensor === kind.toLowerCase()))
  return { durationSeconds: asset.durationSeconds, kinds }
}

function captionReader(format: string, path: string, { cues, broken }: ReadCaptions): ReadEdit {
  return {
    label: inEnglish(say('step.importCaptions', { name: basename(path) })),
    format,
    apply: (draft) => ({
      ...nothing,
      path,
      format,
      captions: placeCaptions(draft, cues, randomUUID),
      ...warned(broken > 0 ? [say('edit.leftOut.cues', { cues: broken })] : []),
    }),
  }
}

function labelReader(format: string, path: string, read: ReadLabels): ReadEdit {
  return {
    label: inEnglish(say('step.importLabels', { name: basename(path) })),
    format,
    apply(draft) {
      const { labels, spans } = placeLabels(draft, read.labels, read.spans, randomUUID)
      const known = read.spans.length - spans
      return {
        ...nothing,
        path,
        format,
        labels,
        markers: spans,
        ...warned([
          ...(read.broken > 0 ? [say('edit.leftOut.spans', { spans: read.broken })] : []),
          ...(known > 0 ? [say('edit.leftOut.knownSpans', { spans: known })] : []),
        ]),
      }
    },
  }
}

/** As much of a file as tells whether it is one of labels or words: recordings of motion are tables and JSON too. */
const HEAD_BYTES = 1 << 16

/** Labels in a table, labels or words in JSON, which only their content tells from recordings; null where it is none. */
async function readByContent(path: string): Promise<ReadEdit | null> {
  const extension = extname(path).toLowerCase()
  if (extension !== '.csv' && extension !== '.json') return null
  const head = textOfBytes(await headOf(path))
  if (extension === '.csv')
    return isLabelsTable(head) ? labelReader('labels-csv', path, readLabelsCsv(await textOf(path))) : null
  if (/"(categories|annotations)"/.test(head)) {
    const labels = readLabelsJson(await textOf(path))
    return labels && labelReader('labels-json', path, labels)
  }
  // Whisper writes all of the text before its segments.
  if (!/"(segments|transcription|text)"/.test(head) || (await stat(path)).size > LARGEST_BYTES) return null
  const transcript = readTranscript(await textOf(path))
  return transcript && captionReader('transcript-json', path, transcript)
}

/** Of what cannot be read, nothing: who reads it next says why. */
async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    return new Uint8Array(0)
  }
}

/** By its name alone. */
export function isEdit(path: string): boolean {
  return Object.hasOwn(READERS, extname(path).toLowerCase())
}

/** Null for anything that is not an edit by its name, or labels or words by what it holds. @throws AsterismError when it is one and cannot be read. */
export async function readEdit(path: string): Promise<ReadEdit | null> {
  const extension = extname(path).toLowerCase()
  // Drones write where they flew into captions: that is a recording.
  if (extension === '.srt' && isFlight(await headOf(path))) return null
  const read = READERS[extension]
  return read ? read(path, await textOf(path)) : await readByContent(path)
}
