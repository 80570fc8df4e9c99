/** Every recogniser that needs no model of the person's, the best first. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readyModels, requireUnchanged } from '../models/user-models.ts'
import type { ProcessSpawner } from '../process-channel.ts'
import { pocketsphinx } from './pocketsphinx.ts'
import type { Recognizer } from './recognizer.ts'
import { whisperRecognizer } from './whisper.ts'

export const RECOGNIZERS: readonly Recognizer[] = [pocketsphinx]

/**
 * A model that the person brought, else the first that can run here.
 * @throws AsterismError `tool_missing` saying what to install, `corrupt_file` where the model is not what was brought
 */
export async function chooseRecognizer(home: string, signal: AbortSignal, spawn?: ProcessSpawner): Promise<Recognizer> {
  const [brought] = await readyModels(home, 'speech-to-text')
  if (brought) {
    await requireUnchanged(brought, signal)
    return whisperRecognizer(brought, spawn)
  }
  const fixes = [say('speech.fix.bring')]
  for (const recognizer of RECOGNIZERS) {
    const missing = await recognizer.missing()
    if (missing === null) return recognizer
    fixes.push(missing)
  }
  throw new AsterismError('tool_missing', say('media.noSpeechProgram'), {
    fix: fixes.reduce((one, other) => say('time.sentences', { one, other })),
    kept: say('kept.projectAsWas'),
  })
}
