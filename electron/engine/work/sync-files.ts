import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import { basename } from 'node:path'
import type { SyncFilesAnswer } from '../../../shared/contract/answers.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { gatherEvidence, mostBelieved, type TimedSource } from '../align/time/index.ts'
import { describe } from '../import/describe.ts'
import type { Session } from '../session.ts'
import { beginningOffset } from '../../../shared/signal/time-map.ts'
import { timedSource } from '../assets/timed-source.ts'
import type { Work } from './registry.ts'

interface Prepared {
  a: string
  b: string
  method: string
}

/** Below this a map is not given: a wrong answer is worse than none. */
const LEAST_CONFIDENCE = 0.5

/** Where B lies on A's clock, no project. */
export const syncFilesWork: Work<'syncFiles', Prepared> = {
  kind: 'syncFiles',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    a: session.files.resolve(input.a),
    b: session.files.resolve(input.b),
    method: input.method,
  }),
  title: ({ a, b }) => `Align ${basename(b)} to ${basename(a)}`,
  about: ({ a, b }) => ({ subject: `${basename(b)} → ${basename(a)}` }),
  async run({ a, b, method }, session, { signal, progress }): Promise<SyncFilesAnswer> {
    progress(0.02, say('work.lookingAtRecordings'))
    const [sourceA, sourceB] = await Promise.all([sourceOf(session, a, signal), sourceOf(session, b, signal)])
    const { evidence, refusals } = await gatherEvidence(sourceA, sourceB, method, {
      signal,
      onProgress: (fraction) => progress(0.1 + 0.9 * fraction, say('work.hearing')),
    })
    const best = mostBelieved(evidence)
    if (!best || best.map.confidence < LEAST_CONFIDENCE) {
      const contradiction = `What was found contradicts itself (${evidence.map(({ method: by }) => by).join(', ')}), and nothing tells which is right.`
      const reasons = refusals.map((refusal) => refusal.reason)
      if (evidence.length > 1) reasons.unshift(contradiction)
      return { unsynced: { reason: reasons.join(' ') || inEnglish(say('work.tooUncertain')) } }
    }
    const { map } = best
    const knots = map.knots?.map(({ secondsB, secondsA, ...knot }) => ({
      ...knot,
      clockSeconds: secondsB,
      projectSeconds: secondsA,
    }))
    return {
      offset_s: beginningOffset({ ...map, knots }),
      rate_ppm: map.ratePpm,
      sigma_offset_s: Math.sqrt(map.covariance[0]),
      sigma_rate_ppm: Math.sqrt(map.covariance[2]),
      confidence: map.confidence,
      method: best.method,
      overlap_s: map.overlapSeconds,
      knots: knots?.map((knot) => ({
        t_asset_s: knot.clockSeconds,
        t_project_s: knot.projectSeconds,
        sigma_s: knot.sigmaSeconds,
      })),
    }
  },
}

async function sourceOf(session: Session, path: string, signal: AbortSignal): Promise<TimedSource> {
  const tools = await session.tools()
  const { importer, source, asset } = await describe(path, { tools, signal })
  const clock = asset.clocks[0]
  const timed = clock
    ? timedSource(
        importer,
        source,
        {
          clockId: path,
          title: basename(path),
          clock,
          durationSeconds: asset.durationSeconds,
          streams: asset.streams,
          isOnClock: (index) => asset.streams[index]?.clock === 0,
        },
        { tools },
      )
    : null
  if (!timed)
    throw new AsterismError('bad_input', say('work.noTime'), {
      path,
    })
  return timed
}
