/**
 * Paired trials: a take beside the same take made worse, on made-up takes, on the sample take, and on captioned pictures in the
 * folder ASTERISM_STARS_PICTURES (fixtures/stars/captioned-pictures.ts).
 */
import { printPictureTrials } from './stars-picture-trials.ts'
import { printSampleTrials } from './stars-sample-trials.ts'
import { printTrials } from './stars-trials.ts'

export async function run(print: (line: string) => void): Promise<void> {
  printTrials(print)
  await printSampleTrials(print)
  const pictures = process.env['ASTERISM_STARS_PICTURES']
  if (pictures) await printPictureTrials(pictures, print)
}
