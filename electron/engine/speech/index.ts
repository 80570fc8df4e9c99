/** Every recogniser, the best first. */
import { AsterismError } from '../../../shared/errors.ts'
import { pocketsphinx } from './pocketsphinx.ts'
import type { Recognizer } from './recognizer.ts'

export const RECOGNIZERS: readonly Recognizer[] = [pocketsphinx]

/** The first that can run here. @throws AsterismError `tool_missing` saying what to install. */
export async function chooseRecognizer(): Promise<Recognizer> {
  const fixes: string[] = []
  for (const recognizer of RECOGNIZERS) {
    const missing = await recognizer.missing()
    if (missing === null) return recognizer
    fixes.push(missing)
  }
  throw new AsterismError('tool_missing', 'Nothing on this machine turns speech into words.', {
    fix: fixes.join(' '),
    kept: 'The project was left as it is.',
  })
}
