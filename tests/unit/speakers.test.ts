/** Who speaks: given, renamed, taken along; and transcripts out and in with their names. */
import { describe, expect, it } from 'vitest'
import { readCaptions } from '../../electron/engine/publish/formats/captions-read.ts'
import { runsBySpeaker, speakersBefore } from '../../shared/document/kept-speakers.ts'
import { readTranscript } from '../../electron/engine/publish/formats/transcript-read.ts'
import { transcriptJson, transcriptMarkdown, transcriptText } from '../../electron/engine/publish/formats/transcript.ts'
import { srtText, vttText } from '../../electron/engine/publish/formats/vtt.ts'
import { viewProject } from '../../electron/engine/publish/package/project-view.ts'
import { defaultSpeakers } from '../../shared/document/default-speakers.ts'
import { assertValid, edit, recordsOf, type Document, type Recipe } from '../../shared/document/document.ts'
import { placeCaptions } from '../../shared/document/place-captions.ts'
import type { DocumentRecord } from '../../shared/document/records.ts'
import {
  giveSpeaker,
  removeSpeaker,
  renameSpeaker,
  speakerNamed,
  speakersInOrder,
} from '../../shared/document/speakers.ts'
import { captionsInOrder } from '../../shared/document/spoken-words.ts'
import { projectRecord } from '../fixtures/publish/project.ts'

let n = 0
const newId = (): string => `new-${n++}`

const VTT =
  'WEBVTT\n\n00:01.000 --> 00:03.000\n<v Anna>Put the lid on\n\n00:03.500 --> 00:04.000\n<v.loud Ben &amp; Co>Why?\n\n00:04.500 --> 00:06.000\n<v Anna>It is <i>hot</i>.</v> <v Ben>Oh.\n'

function made(recipe: Recipe): Document {
  const empty: Document = new Map<string, DocumentRecord>([['project', projectRecord()]])
  const { document } = edit(empty, recipe)
  assertValid(document, document.keys())
  return document
}
const changed = (document: Document, recipe: Recipe): Document => {
  const after = edit(document, recipe).document
  assertValid(after, after.keys())
  return after
}
const spoken = (document: Document): string[] =>
  captionsInOrder(document).map((caption) => {
    const speaker = caption.speakerId === undefined ? undefined : document.get(caption.speakerId)
    return `${speaker?.kind === 'speaker' ? speaker.name : '-'}: ${caption.text}`
  })
const read = (): Document => made((draft) => void placeCaptions(draft, readCaptions(VTT).cues, newId))
const named = (document: Document, name: string): string =>
  speakersInOrder(document).find((speaker) => speaker.name === name)!.id

describe('speakers', () => {
  it('come in with the voices of WebVTT, each once, in colours of their own', () => {
    const document = read()
    expect(spoken(document)).toEqual(['Anna: Put the lid on', 'Ben & Co: Why?', 'Anna: It is hot.', 'Ben: Oh.'])
    expect(speakersInOrder(document).map(({ name }) => name)).toEqual(['Anna', 'Ben & Co', 'Ben'])
    expect(new Set(speakersInOrder(document).map(({ color }) => color)).size).toBe(3)
    const again = changed(document, (draft) => void placeCaptions(draft, readCaptions(VTT).cues, newId))
    expect(recordsOf(again, 'speaker')).toHaveLength(3)
  })

  it('are renamed everywhere; two of one name become one', () => {
    const document = read()
    const anna = named(document, 'Anna')
    const renamed = changed(document, (draft) => renameSpeaker(draft, anna, ' Anne\n<B> '))
    expect(spoken(renamed)[0]).toBe('Anne B: Put the lid on')
    expect(spoken(renamed)[2]).toBe('Anne B: It is hot.')
    const joined = changed(document, (draft) => renameSpeaker(draft, anna, 'Ben'))
    expect(spoken(joined)[0]).toBe('Ben: Put the lid on')
    expect(speakersInOrder(joined)).toHaveLength(2)
  })

  it('are given to some words of a caption, which is taken apart there', () => {
    const document = read()
    const [first] = captionsInOrder(document)
    const ben = named(document, 'Ben')
    const middle = changed(document, (draft) =>
      giveSpeaker(draft, [{ captionId: first!.id, from: 1, to: 2 }], ben, newId),
    )
    expect(spoken(middle).slice(0, 3)).toEqual(['Anna: Put', 'Ben: the lid', 'Anna: on'])
    const nobody = changed(document, (draft) =>
      giveSpeaker(draft, [{ captionId: first!.id, from: 0, to: 3 }], null, newId),
    )
    expect(spoken(nobody)[0]).toBe('-: Put the lid on')
    expect(nobody.get(first!.id)).not.toHaveProperty('speakerId')
  })

  it('leave nothing behind when they are taken away', () => {
    const before = read()
    const document = changed(before, (draft) => removeSpeaker(draft, named(before, 'Anna')))
    expect(spoken(document)[0]).toBe('-: Put the lid on')
    expect(speakersInOrder(document)).toHaveLength(2)
  })

  it('without a letter are nobody', () => {
    const document = made((draft) => expect(speakerNamed(draft, ' <> \n', newId)).toBeNull())
    expect(recordsOf(document, 'speaker')).toEqual([])
  })
})

describe('a microphone of its own', () => {
  const asset = (id: string, title: string) => ({ kind: 'asset', id, title }) as unknown as DocumentRecord
  const stream = (assetId: string, sensor: string) =>
    ({ kind: 'stream', id: `${assetId}/${sensor}`, assetId, sensor }) as unknown as DocumentRecord
  const take = (assetId: string, microphone: string) =>
    ({ kind: 'commentaryTake', id: `take-${assetId}`, assetId, microphone }) as unknown as DocumentRecord
  const documentOf = (...records: DocumentRecord[]): Document => new Map(records.map((record) => [record.id, record]))

  it('is a voice of its own where there are two; a camera is none', () => {
    const two = documentOf(
      asset('a', 'Lapel'),
      stream('a', 'audio'),
      asset('b', 'take 1'),
      stream('b', 'audio'),
      take('b', 'Headset'),
      asset('d', 'take 2'),
      stream('d', 'audio'),
      take('d', 'Headset'),
      asset('c', 'camera'),
      stream('c', 'audio'),
      stream('c', 'video'),
    )
    expect([...defaultSpeakers(two)]).toEqual([
      ['a', 'Lapel'],
      ['b', 'Headset'],
      ['d', 'Headset'],
    ])
    expect(defaultSpeakers(documentOf(asset('a', 'Lapel'), stream('a', 'audio'))).size).toBe(0)
  })
})

describe('a transcript', () => {
  const view = viewProject(read().values())

  it('is read as text and as Markdown, one voice after the other', () => {
    expect(transcriptText(view)).toBe('Anna:\nPut the lid on\n\nBen & Co:\nWhy?\n\nAnna:\nIt is hot.\n\nBen:\nOh.\n')
    expect(transcriptMarkdown(view)).toMatch(/^# .+\n\n`0:00:01` \*\*Anna\*\*\n\nPut the lid on\n/)
  })

  it('does not give the words of somebody without a name to the one before', () => {
    const cues = [
      { startSeconds: 0, endSeconds: 1, text: 'Hello', speaker: 'Anna' },
      { startSeconds: 4, endSeconds: 5, text: 'Who?' },
    ]
    const document = made((draft) => void placeCaptions(draft, cues, newId))
    expect(transcriptText(viewProject(document.values()))).toBe('Anna:\nHello\n\n?:\nWho?\n')
  })

  it('comes back from WebVTT with its voices, and says them in SubRip', () => {
    expect(
      readCaptions(vttText(view.captions, view.speakerName)).cues.map(({ speaker, text }) => [speaker, text]),
    ).toEqual([
      ['Anna', 'Put the lid on'],
      ['Ben & Co', 'Why?'],
      ['Anna', 'It is hot.'],
      ['Ben', 'Oh.'],
    ])
    expect(vttText(view.captions)).not.toContain('Anna')
    expect(srtText(view.captions, view.speakerName)).toContain('\nBen & Co: Why?\n')
  })

  it('comes back from JSON with its voices and the times of its words', () => {
    const words = [
      { text: 'Put', startSeconds: 1, endSeconds: 1.5 },
      { text: 'it', startSeconds: 1.5, endSeconds: 3 },
    ]
    const cue = { startSeconds: 1, endSeconds: 3, text: 'Put it', speaker: 'Anna', words }
    const document = made(
      (draft) => void placeCaptions(draft, [cue, { startSeconds: 4, endSeconds: 5, text: 'no times' }], newId),
    )
    expect(readTranscript(transcriptJson(viewProject(document.values())))).toEqual({
      cues: [cue, { startSeconds: 4, endSeconds: 5, text: 'no times' }],
      broken: 0,
    })
  })

  it('of the Whisper programs is read; what is none is left to others', () => {
    const whisper = {
      text: 'Hi there',
      segments: [
        {
          start: 0.5,
          end: 2,
          text: ' Hi there',
          speaker: 'SPEAKER_00',
          words: [
            { word: ' Hi', start: 0.5, end: 1 },
            { word: ' there', start: 1, end: 2 },
          ],
        },
        { start: 'x', end: 3, text: 'broken' },
      ],
    }
    expect(readTranscript(JSON.stringify(whisper))).toEqual({
      cues: [
        {
          startSeconds: 0.5,
          endSeconds: 2,
          text: 'Hi there',
          speaker: 'SPEAKER_00',
          words: [
            { text: 'Hi', startSeconds: 0.5, endSeconds: 1 },
            { text: 'there', startSeconds: 1, endSeconds: 2 },
          ],
        },
      ],
      broken: 1,
    })
    const cpp = { transcription: [{ offsets: { from: 0, to: 1500 }, text: ' Hi' }] }
    expect(readTranscript(JSON.stringify(cpp))?.cues).toEqual([{ startSeconds: 0, endSeconds: 1.5, text: 'Hi' }])
    for (const other of ['{"segments": 3}', '{"frames": []}', '[1]', '{"segments": [{"start": 1}]}', 'not json'])
      expect(readTranscript(other), other).toBeNull()
  })
})

describe('the time of every word in WebVTT', () => {
  const word = (text: string, startSeconds: number, endSeconds: number) => ({ text, startSeconds, endSeconds })
  const words = [word('Put', 1, 1.2), word('the', 1.2, 1.5), word('lid', 2, 2.25), word('on.', 2.25, 3)]
  const cue = { startSeconds: 1, endSeconds: 3, text: 'Put the lid on.', speaker: 'Anna', words }

  it('goes out and comes back, pauses too', () => {
    const document = made((draft) => void placeCaptions(draft, [cue], newId))
    const view = viewProject(document.values())
    const text = vttText(view.captions, view.speakerName, true)
    expect(text).toContain('<v Anna>Put <00:00:01.200>the<00:00:01.500> <00:00:02.000>lid <00:00:02.250>on.')
    expect(readCaptions(text)).toEqual({ cues: [cue], broken: 0 })
    expect(vttText(view.captions, view.speakerName)).not.toContain('<00:')
  })

  it('is left out of a text that was put right by hand', () => {
    const document = made((draft) => void placeCaptions(draft, [{ ...cue, text: 'Put it on.' }], newId))
    expect(vttText(viewProject(document.values()).captions, undefined, true)).toContain('\nPut it on.\n')
  })

  it('is read as others write it, shared by letters, and not at all where times run back', () => {
    const read = (said: string) => readCaptions(`WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n${said}\n`).cues[0]!
    expect(read('so<00:00:01.000><c> we</c><00:00:02.000><c> go on</c>')).toEqual({
      startSeconds: 0,
      endSeconds: 4,
      text: 'so we go on',
      words: [word('so', 0, 1), word('we', 1, 2), word('go', 2, 3), word('on', 3, 4)],
    })
    expect(read('so <00:00:02.000>we <00:00:01.000>go')).toEqual({ startSeconds: 0, endSeconds: 4, text: 'so we go' })
    expect(read('so <00:00:05.000>we')).not.toHaveProperty('words')
  })
})

describe('speakers of words that are heard anew', () => {
  const caption = (startTicks: number, endTicks: number, speakerId?: string) => ({
    kind: 'caption' as const,
    id: `caption:${startTicks}`,
    assetId: 'a',
    startTicks,
    endTicks,
    text: 'x',
    source: 'transcribed' as const,
    ...(speakerId === undefined ? {} : { speakerId }),
  })
  const at = (startTicks: number, endTicks = startTicks + 10) => ({ startTicks, endTicks })
  const runs = (
    words: readonly ReturnType<typeof at>[],
    before = speakersBefore([]),
    otherwise: string | null = null,
  ) => runsBySpeaker(words, before, otherwise).map((run) => [run.speakerId, run.words.length])

  it('are those who spoke then, whatever the captions are now', () => {
    const before = speakersBefore([caption(100, 200, 'ben'), caption(0, 100, 'anna'), caption(200, 300)])
    expect(runs([at(0), at(94), at(96), at(150), at(195)], before)).toEqual([
      ['anna', 2],
      ['ben', 3],
    ])
  })

  it('are the neighbours for words that were not there, and the usual one where all is new', () => {
    const before = speakersBefore([caption(100, 200, 'anna'), caption(400, 500, 'ben')])
    expect(runs([at(50), at(150), at(250), at(450), at(600)], before, 'usual')).toEqual([
      ['anna', 3],
      ['ben', 2],
    ])
    expect(runs([at(250), at(300)], before, 'usual')).toEqual([['usual', 2]])
    expect(runs([at(250)], before)).toEqual([[null, 1]])
  })
})
