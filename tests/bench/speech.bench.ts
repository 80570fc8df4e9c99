/**
 * How many words the recogniser that needs no download gets wrong, of speech whose words are known, by the way of
 * `transcribe`: decoded, cut at silences by the voice detector, recognised. ASTERISM_SPEECH names the folder into which
 * Debian's pocketsphinx-testdata (one reader of LibriVox) and tuxpaint-stamps-default (spoken descriptions of pictures, by
 * several people) were unpacked (`dpkg -x`); the sample take is there anyway. For tests only: nothing of them ships.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { Encoders, SPEECH_HZ, SPEECH_STEP_SECONDS } from '../../electron/engine/models/encoders.ts'
import { RECOGNIZERS } from '../../electron/engine/speech/index.ts'
import { inEnglish } from '../../shared/sayings/saying.ts'
import type { Recognizer } from '../../electron/engine/speech/recognizer.ts'
import { resourceFolder } from '../../electron/engine/resources.ts'
import { speechSpans } from '../../shared/signal/speech-spans.ts'

interface Spoken {
  readonly path: string
  readonly text: string
}

const { signal } = new AbortController()

/** Lines as `<s> words </s> (name of the file)`. */
function librivox(folder: string): Spoken[] {
  const own = join(folder, 'usr/share/pocketsphinx/test/data/librivox')
  if (!existsSync(own)) return []
  return [...readFileSync(join(own, 'transcription'), 'utf8').matchAll(/<s> (.*) <\/s> \((.*)\)/g)].map(
    ([, text, name]) => ({ path: join(own, `${name}.wav`), text }),
  )
}

/** The first line of the text beside a stamp is what is said of it: mostly an article and a name. */
function stamps(folder: string): Spoken[] {
  return globSync(join(folder, 'usr/share/tuxpaint/stamps/**/*_desc.ogg'))
    .sort()
    .filter((path) => existsSync(path.replace('_desc.ogg', '.txt')))
    .map((path) => ({ path, text: readFileSync(path.replace('_desc.ogg', '.txt'), 'utf8').split('\n')[0] }))
}

function sample(file: string): Spoken[] {
  const folder = resourceFolder('sample')
  const { commentary } = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as { commentary: Spoken[] }
  return [{ path: join(folder, file), text: commentary.map(({ text }) => text).join(' ') }]
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[a-z']+/g) ?? []
  )
}

/** The least number of words put in, left out and put in another's place. */
function errorsOf(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, at) => at + 1)
  said.forEach((word, n) => {
    let [left, corner] = [n + 1, n]
    row = row.map((above, at) => {
      const best = Math.min(above + 1, left + 1, corner + (word === heard[at] ? 0 : 1))
      corner = above
      left = best
      return best
    })
  })
  return row.at(-1) ?? said.length
}

async function wordErrors(recognizer: Recognizer, spoken: readonly Spoken[]) {
  const tools = await resolveMediaTools()
  const encoders = new Encoders(signal)
  let [said, wrong, seconds] = [0, 0, 0]
  try {
    for (const { path, text } of spoken) {
      const { samples } = await decodeMono(tools, path, { sampleRateHz: SPEECH_HZ, signal })
      const spans = speechSpans(await encoders.speech(samples), SPEECH_STEP_SECONDS)
      const pieces = spans.map((span) =>
        samples.subarray(Math.floor(span.startSeconds * SPEECH_HZ), Math.ceil(span.endSeconds * SPEECH_HZ)),
      )
      const words = pieces.length > 0 ? await recognizer.recognize(pieces, { signal }) : []
      const heard = words.flat().flatMap((word) => wordsOf(word.text))
      said += wordsOf(text).length
      wrong += errorsOf(wordsOf(text), heard)
      seconds += samples.length / SPEECH_HZ
    }
  } finally {
    await encoders.close()
  }
  return { said, wrong, seconds }
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = process.env['ASTERISM_SPEECH'] ?? ''
  const sets: readonly (readonly [string, Spoken[]])[] = [
    ['one reader of LibriVox, whole sentences', librivox(folder)],
    ['spoken names of animals, two words a file', stamps(folder)],
    ['the sample take, by the microphone at the chest', sample('microphone.flac')],
    ['by the camera on the head', sample('camera-a.mp4')],
    ['by the camera in the corner', sample('camera-b.mp4')],
  ]
  for (const recognizer of RECOGNIZERS) {
    const missing = await recognizer.missing()
    print(`${recognizer.id}${missing ? `: ${inEnglish(missing)}` : ''}`)
    if (missing) continue
    for (const [name, spoken] of sets) {
      if (spoken.length === 0) {
        print(`  ${name}: not here (see tests/bench/speech.bench.ts)`)
        continue
      }
      const { said, wrong, seconds } = await wordErrors(recognizer, spoken)
      const rate = (wrong / said).toFixed(3)
      print(`  ${name}: ${rate} (${wrong} of ${said} words, ${spoken.length} files, ${seconds.toFixed(0)} s)`)
    }
  }
}
