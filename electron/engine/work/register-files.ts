import { because, partOf, say } from '../../../shared/sayings/saying.ts'
import { basename } from 'node:path'
import type { RegisterFilesAnswer } from '../../../shared/contract/answers.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { registerScansInWorker, type SpaceRegistration } from '../align/space/index.ts'
import { describe } from '../import/describe.ts'
import type { ImportContext } from '../import/importer.ts'
import { isMetric, loadSurface } from '../assets/surface.ts'
import type { Work } from './registry.ts'

interface Prepared {
  target: string
  source: string
  scale: boolean
}

/** One pair of scans, no project. */
export const registerFilesWork: Work<'registerFiles', Prepared> = {
  kind: 'registerFiles',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    target: session.files.resolve(input.target),
    source: session.files.resolve(input.source),
    scale: input.scale,
  }),
  title: ({ target, source }) => `Align ${basename(source)} to ${basename(target)}`,
  about: ({ target, source }) => ({ subject: `${basename(source)} → ${basename(target)}` }),
  async run({ target, source, scale }, session, { signal, progress }) {
    const context = { tools: await session.tools(), signal }
    progress(0.02, say('work.reading', { name: basename(target) }))
    const a = await surfaceOf(target, context)
    progress(0.12, say('work.reading', { name: basename(source) }))
    const b = await surfaceOf(source, context)
    const answer = await registerScansInWorker(a.scan, b.scan, {
      allowScale: scale,
      gravity: a.gravityKnown && b.gravityKnown ? 'known' : 'unknown',
      signal,
      onProgress: (fraction) => progress(0.2 + 0.8 * fraction, say('work.findingPose')),
    })
    const unitless = [a, b].find((surface) => !surface.isMetric)
    if (answer.registered || scale || !unitless) return registrationAnswerOf(answer)
    return registrationAnswerOf({
      ...answer,
      ...because('space.unitless', { why: partOf(answer), name: unitless.name }),
    })
  },
}

interface Surface {
  readonly name: string
  readonly scan: Scan
  readonly gravityKnown: boolean
  readonly isMetric: boolean
}

async function surfaceOf(path: string, context: ImportContext): Promise<Surface> {
  const { importer, source, asset } = await describe(path, context)
  return {
    name: source.name,
    scan: await loadSurface(importer, source, asset, context),
    gravityKnown: asset.kind === 'capture',
    isMetric: isMetric(asset.warnings, asset),
  }
}

/** One registration in the words of the command line. */
export function registrationAnswerOf(answer: SpaceRegistration): RegisterFilesAnswer {
  if (!answer.registered) {
    return {
      unregistered: {
        reason: answer.reason,
        candidates: answer.candidates.map((candidate) => ({
          target_from_source: [...candidate.targetFromSource],
          confidence: candidate.confidence,
        })),
      },
    }
  }
  return {
    target_from_source: [...answer.targetFromSource],
    scale: answer.scale,
    rmse_m: answer.rmseMetres,
    overlap: answer.overlap,
    confidence: answer.confidence,
    method: answer.method,
    covariance: [...answer.covariance],
  }
}
