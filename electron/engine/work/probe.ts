import type { ProbeAnswer } from '../../../shared/contract/answers.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { describe } from '../import/describe.ts'
import { refusalOf, streamAnswer } from './answers.ts'
import { readEdit } from './import-edit.ts'
import { recordingsAt } from './plain-folder.ts'
import type { Work } from './registry.ts'

interface Prepared {
  paths: string[]
}

/** An edit or captions: they change a timeline and have no streams of their own. */
const NO_RECORDING = { kind: 'edit', streams: [], duration_s: null, clock: null, warnings: [], metadata: {} }

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
    const refuse = (error: unknown, path: string) => void answer.refused.push(refusalOf(error, path))
    const recordings = await recordingsAt(paths, signal, refuse)
    for (const [n, path] of recordings.entries()) {
      throwIfCancelled(signal)
      progress(n / recordings.length, path)
      try {
        const edit = await readEdit(path)
        if (edit) {
          answer.items.push({ ...NO_RECORDING, path, format: edit.format })
          continue
        }
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
        refuse(error, path)
      }
    }
    return answer
  },
}
