/** The part of the stars that passes through units of the network for pictures. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { usedSpans } from '../../../shared/document/used-spans.ts'
import { Encoders } from '../models/encoders.ts'
import type { Session } from '../session.ts'
import { builtInPack } from '../stars/built-in-pack.ts'
import { estimateStarsInWorker } from '../stars/compute.ts'
import { installedPackPath } from '../stars/pack-store.ts'
import { unitReference, withoutUnits } from '../stars/picture-units.ts'
import { encoderOfPack, estimatePack, loadStarpack } from '../stars/starpack-file.ts'
import { originalityOfProject } from './originality.ts'
import { jointEncoder, starsInputOf } from './stars-input.ts'

/**
 * How far the stars fall when the units answer to every picture as they do to the reference on the mean, and when all do: really
 * estimated, of the edit as it is now, under the pack that ships or an installed one.
 *
 * @throws AsterismError `bad_input` for a unit that the network does not have, and what the stars throw
 */
export async function shareOfUnits(
  session: Session,
  { units, installed }: { units: readonly number[]; installed: string | null },
  signal: AbortSignal,
): Promise<{ stars: number; all_stars: number }> {
  const { length } = unitReference().mean
  if (units.some((unit) => unit >= length)) throw new AsterismError('bad_input', say('work.units', { units: length }))
  const given = installed ? await loadStarpack(installedPackPath(session.options.home, installed)) : null
  const joint = await jointEncoder(session, given && encoderOfPack(given), signal)
  const pack = given ? estimatePack(given, joint?.identity.sha256) : builtInPack()
  const used = usedSpans(session.document)
  const originality = await originalityOfProject(session, signal, () => undefined)
  const encoders = new Encoders(signal)
  const look = { used, originality, encoders, joint, signal }
  try {
    const whole = await starsInputOf(session, look)
    const { stars } = await estimateStarsInWorker(whole.input, pack, { signal })
    const without = async (gone: readonly number[]): Promise<number> => {
      const { input } = await starsInputOf(session, { ...look, see: (each) => withoutUnits(each, gone) })
      const rest = await estimateStarsInWorker(input, pack, { signal })
      return Math.round(1000 * (stars - rest.stars)) / 1000
    }
    const all = Array.from({ length }, (_, unit) => unit)
    return { stars: await without(units), all_stars: await without(all) }
  } finally {
    await Promise.all([encoders.close(), joint?.close()])
  }
}
