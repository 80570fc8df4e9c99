/**
 * PocketSphinx (BSD), a program of Debian with an English model. It normalises each piece as a whole (`-cmn batch`):
 * with its running normalisation short pieces come out wrong almost throughout.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { runTool } from '../media/run-tool.ts'
import type { MediaTool } from '../media/tools.ts'
import type { RecognizedWord, Recognizer } from './recognizer.ts'

const PROGRAM = 'pocketsphinx_batch'
const MODEL_FOLDERS = ['/usr/share/pocketsphinx/model/en-us', '/usr/local/share/pocketsphinx/model/en-us']
const FRAMES_PER_SECOND = 100
const FIX = say('speech.fix.pocketsphinx')
/** Slower than half of the recording's own speed would be a hang. */
const SECONDS_PER_SECOND = 30

interface Installed {
  readonly tool: MediaTool
  readonly model: string
}

function installed(): Installed | null {
  const named = process.env['ASTERISM_POCKETSPHINX']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const path = [...(named ? [named] : []), ...folders.map((folder) => join(folder, PROGRAM))].find((each) =>
    existsSync(each),
  )
  const model = MODEL_FOLDERS.find((folder) => existsSync(join(folder, 'en-us/mdef')))
  return path && model
    ? { tool: { path, version: '', origin: named === path ? 'ASTERISM_POCKETSPHINX' : 'PATH' }, model }
    : null
}

/** Samples as 16-bit words, which is all the program takes. */
function words16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2)
  samples.forEach((value, n) => bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(value * 32767))), n * 2))
  return bytes
}

/**
 * One line of its segmentation: the name, sums of scores, then `frame score score word` for each word, the last frame at
 * the end. Silences and noises stand in angle or square brackets, spellings that are said otherwise as `word(2)`.
 */
export function readSegmentation(line: string): { name: string; words: RecognizedWord[] } | null {
  const fields = line.trim().split(/\s+/)
  const name = fields[0]
  const start = fields.indexOf('L')
  if (!name || start < 0) return null
  const rest = fields.slice(start + 2)
  const words: RecognizedWord[] = []
  for (let n = 0; n + 4 < rest.length + 1; n += 4) {
    const [first, , , word] = rest.slice(n, n + 4)
    const next = rest[n + 4]
    if (first === undefined || word === undefined || next === undefined) break
    if (/^[<[+]/.test(word)) continue
    words.push({
      text: word.replace(/\(\d+\)$/, ''),
      startSeconds: Number(first) / FRAMES_PER_SECOND,
      endSeconds: Number(next) / FRAMES_PER_SECOND,
    })
  }
  return words.every((word) => Number.isFinite(word.startSeconds + word.endSeconds)) ? { name, words } : null
}

export const pocketsphinx: Recognizer = {
  id: 'pocketsphinx-en-us',
  note: say('speech.note.pocketsphinx'),
  missing: () => Promise.resolve(installed() ? null : FIX),
  async recognize(pieces, { signal, onProgress }) {
    const found = installed()
    if (!found) throw new AsterismError('tool_missing', say('media.noSpeechProgram'), { fix: FIX })
    const folder = await mkdtemp(join(tmpdir(), 'asterism-speech-'))
    try {
      const names = pieces.map((_, n) => `piece${n}`)
      for (const [n, piece] of pieces.entries()) await writeFile(join(folder, `${names[n]}.raw`), words16(piece))
      await writeFile(join(folder, 'list'), names.map((name) => `${name}\n`).join(''))
      const seconds = pieces.reduce((sum, piece) => sum + piece.length / 16_000, 0)
      let done = 0
      const model = (name: string): string => join(found.model, name)
      const result = await runTool(
        found.tool,
        [
          '-hmm',
          model('en-us'),
          '-lm',
          model('en-us.lm.bin'),
          '-dict',
          model('cmudict-en-us.dict'),
          '-adcin',
          'yes',
          '-cmn',
          'batch',
          '-cepdir',
          folder,
          '-cepext',
          '.raw',
          '-ctl',
          join(folder, 'list'),
          '-hyp',
          join(folder, 'hyp'),
          '-hypseg',
          join(folder, 'segments'),
        ],
        {
          signal,
          timeoutMilliseconds: 120_000 + seconds * SECONDS_PER_SECOND * 1000,
          stallMilliseconds: 600_000,
          onStderrLine: (line) => {
            if (!/piece\d+: [\d.]+ seconds speech/.test(line)) return
            done += 1
            onProgress?.(Math.min(1, done / pieces.length))
          },
        },
      )
      if (result.exitCode !== 0) {
        throw new AsterismError('tool_failed', say('speech.gaveUp', { code: result.exitCode ?? 'none' }), { fix: FIX })
      }
      const lines = (await readFile(join(folder, 'segments'), 'utf8')).split('\n').map(readSegmentation)
      const byName = new Map(lines.flatMap((each) => (each ? [[each.name, each.words] as const] : [])))
      return names.map((name) => byName.get(name) ?? [])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
