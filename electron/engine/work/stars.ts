import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import { AsterismError } from '../../../shared/errors.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { reportId } from '../../../shared/document/document.ts'
import { usedSpans } from '../../../shared/document/used-spans.ts'
import type { WantedTask } from '../../../shared/stars/wanted/match-wanted.ts'
import { builtInPack } from '../stars/built-in-pack.ts'
import { estimateStarsInWorker } from '../stars/compute.ts'
import type { GatheredStars } from '../stars/gather-stars-input.ts'
import { installedPackPath } from '../stars/pack-store.ts'
import { encoderOfPack, estimatePack, loadStarpack } from '../stars/starpack-file.ts'
import { encodersOf } from '../stars/used-encoders.ts'
import { wantedTaskOf } from '../stars/wanted-file.ts'
import type { Work } from './registry.ts'
import { keepCut } from './keep-cut.ts'
import { originalityOfProject, withFindings } from './originality.ts'
import { missingModels } from '../models/model-bytes.ts'
import { Encoders } from '../models/encoders.ts'
import { reportRecord } from './reports.ts'
import { jointEncoder, starsCache, starsInputOf } from './stars-input.ts'

interface Prepared {
  pack: string | null
  installed: string | null
  wanted: string | null
}

/** Predicts what the take is worth, offline. */
export const starsWork: Work<'stars', Prepared> = {
  kind: 'stars',
  lane: 'main',
  resumesByItself: true,
  prepare: (input, session) => ({
    pack: input.pack ? session.files.resolve(input.pack) : null,
    installed: input.installed ?? null,
    wanted: input.wanted ? session.files.resolve(input.wanted) : null,
  }),
  title: () => 'Predict the stars',
  async run({ pack, installed, wanted }, session, { signal, progress, log }) {
    const path = pack ?? (installed ? installedPackPath(session.options.home, installed) : null)
    const given = path ? await loadStarpack(path) : null
    const joint = await jointEncoder(session, given && encoderOfPack(given), signal)
    const chosen = given ? estimatePack(given, joint?.identity.sha256) : builtInPack()
    const used = usedSpans(session.document)
    const originality = await originalityOfProject(session, signal, (fraction, title) =>
      progress(0.2 * fraction, say('work.comparing', { name: title })),
    )
    const encoders = new Encoders(signal)
    const onProgress = (fraction: number, what: string): void =>
      progress(0.2 + 0.7 * fraction, what ? say('work.lookingAt', { name: what }) : say('work.weighing'))
    const gather = async (): Promise<[GatheredStars, WantedTask | null]> => {
      // The list first: one that is refused costs no looking.
      const demand = wanted === null ? null : await wantedTaskOf(wanted, { cache: starsCache(session), encoders })
      return [await starsInputOf(session, { used, originality, encoders, joint, signal, onProgress }), demand]
    }
    const [{ input, skipped }, demand] = await gather().finally(() => Promise.all([encoders.close(), joint?.close()]))
    if (joint?.failure) {
      if (chosen.task?.vectors === 'joint') throw joint.failure
      log(`Done without ${joint.identity.id}: ${joint.failure.message}`)
    }
    for (const { title, use } of missingModels()) log(`${title} is not on this machine: nothing ${use}.`)
    for (const each of skipped) log(`Not looked at: ${each.reason}`)
    if (skipped[0] && input.units.length === 0 && input.scans.length === 0)
      throw new AsterismError('not_found', say('stars.noneSeen', { why: skipped[0].reason }), {
        fix: say('stars.noneSeenFix'),
      })
    const report = await estimateStarsInWorker(input, chosen, { signal, wanted: demand })
    const { key, clips, seconds } = used
    const edit = { key, clips, seconds: Math.round(seconds * 1000) / 1000 }
    const looked = encodersOf(input, joint?.identity ?? null)
    const said = { ...report, encoders: looked, edit, ...(skipped.length > 0 && { unseen: skipped }) }
    const answer = withFindings(JSON.parse(JSON.stringify(said)) as StarsAnswer, originality)
    session.requireProject().commit({ label: inEnglish(say('step.predictStars')) }, (draft) => {
      draft.set(reportId('stars'), reportRecord('stars', answer))
      keepCut(draft, answer, key)
    })
    return answer
  },
}
