import type { ProbeAnswer } from '../../../shared/contract/answers.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { describe } from '../import/describe.ts'
import { refusalOf, streamAnswer } from './answers.ts'
import type { Work } from './registry.ts'

interface Prepared {
  paths: string[]
}

/** What files and folders are; needs no project. */
export const probeWork: Work<'probe', Prepared> = {
  kind: 'probe',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({ paths: input.files.map((token) => session.files.resolve(token)) }),
  title: (prepared) => `Look at ${prepared.paths.length} file(s)`,
  async run({ paths }, session, { signal, progress }) {
    const tools = await session.tools()
    const answer: ProbeAnswer = { items: [], refused: [] }
    for (const [n, path] of paths.entries()) {
      throwIfCancelled(signal)
      progress(n / paths.length, path)
      try {
        const { asset } = await describe(path, { tools, signal })
        const clock = asset.clocks[0]
        answer.items.push({
          path,
          format: asset.format,
          kind: asset.kind,
          streams: asset.streams.map((stream, index) => streamAnswer(stream, String(index))),
          duration_s: asset.durationSeconds,
          clock: clock
            ? { source: clock.source, epoch_utc_ns: clock.epochUtcNanoseconds, timecode: clock.timecode?.start ?? null }
            : null,
          warnings: [...asset.warnings],
          metadata: { ...asset.metadata },
        })
      } catch (error) {
        answer.refused.push(refusalOf(error, path))
      }
    }
    return answer
  },
}
