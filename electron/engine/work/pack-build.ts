import { basename } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readyModels } from '../models/user-models.ts'
import { Encoders } from '../models/encoders.ts'
import { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import type { Session } from '../session.ts'
import { buildPack } from '../stars/build-pack.ts'
import { packEntry } from '../stars/pack-store.ts'
import { readStarpack } from '../stars/starpack-file.ts'
import type { Work } from './registry.ts'

interface Prepared {
  source: string
  out: string
  key: string
  title: string | null
  encoder: string | null
}

/** A lab's own valuation pack. */
export const packBuildWork: Work<'packBuild', Prepared> = {
  kind: 'packBuild',
  lane: 'main',
  resumesByItself: false,
  prepare: ({ source, out, key, title, encoder }, { files }) => ({
    source: files.resolve(source),
    out: files.resolve(out),
    key: files.resolve(key),
    title,
    encoder: encoder ?? null,
  }),
  title: ({ source }) => `Build a pack from ${basename(source)}`,
  about: ({ source }) => ({ subject: basename(source) }),
  async run(prepared, session, { signal, progress, log }) {
    const joint = prepared.encoder === null ? null : await broughtEncoder(session, prepared.encoder, signal)
    const encoders = new Encoders(signal)
    const leftOut: string[] = []
    const built = buildPack(prepared, {
      encoders,
      joint,
      tools: await session.tools(),
      signal,
      log,
      leaveOut(line) {
        leftOut.push(line)
        log(line)
      },
      onProgress: (fraction) => progress(fraction, say('work.lookingAtSamples')),
    })
    const { bytes, figures } = await built.finally(() => Promise.all([encoders.close(), joint?.close()]))
    const pack = packEntry(readStarpack(bytes, 'foreign'))
    for (const { reason } of pack.warnings) log(`Warning: ${reason}`)
    return { path: prepared.out, pack, figures: { ...figures }, ...(leftOut.length > 0 && { left_out: leftOut }) }
  },
}

async function broughtEncoder(
  { options: { home, host } }: Session,
  digest: string,
  signal: AbortSignal,
): Promise<PictureTextEncoder> {
  const card = (await readyModels(home, 'picture-text')).find((each) => each.digest === digest)
  if (card) return new PictureTextEncoder(card, { signal, spawn: host.spawnModel })
  throw new AsterismError('not_found', say('models.noneOfDigest'), {
    fix: say('models.fix.noneOfDigest'),
  })
}
