/** The working side: runs another machine's order on a copy of its project. */
import { assertValid, type Document } from '../../../shared/document/document.ts'
import { isSame } from '../../../shared/document/patches.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { firstOutside } from '../jobs/farm/job-folder.ts'
import type { ServeOptions } from '../jobs/farm/serve.ts'
import { JobQueue } from '../jobs/queue.ts'
import { Session } from '../session.ts'
import { filesOf } from './hand-over.ts'
import type { AnyWork, WorkLoaders } from './registry.ts'

/**
 * @param home of this machine
 * @returns a function that runs an order; it refuses kinds that may not go elsewhere and files outside the shared
 *   folder
 */
export function performer(
  works: WorkLoaders,
  sharedFolder: string,
  home: string,
  version: string,
): ServeOptions['perform'] {
  return async (order, context) => {
    const work: AnyWork = await works[order.kind]()
    if (!work.elsewhere) throw new AsterismError('bad_input', say('work.order.kind', { kind: order.kind }))
    const prepared = work.elsewhere.prepared.safeParse(order.input)
    if (!prepared.success) throw new AsterismError('bad_input', say('work.order.none', { kind: order.kind }))
    const before: Document = new Map(order.records.map((record) => [record.id, record]))
    assertValid(before, before.keys())
    const session = new Session({ home, version, host: {}, resumeJobs: false }, new JobQueue(async () => null))
    const store = session.openCopy(order.project, before)
    try {
      const outside = firstOutside(sharedFolder, filesOf(work.elsewhere, prepared.data, session))
      if (outside !== null) {
        throw new AsterismError('bad_input', say('work.order.outside'), {
          path: outside,
          fix: say('work.order.fix.outside', { folder: sharedFolder }),
        })
      }
      let label = ''
      store.subscribe((event) => (label = event.label))
      const result = await work.run(prepared.data as never, session, context)
      const after = store.document
      return {
        outcome: 'done',
        result: JSON.parse(JSON.stringify(result ?? null)) as never,
        label,
        changed: [...after.values()].filter((record) => !isSame(record, before.get(record.id))),
        removed: [...before.keys()].filter((id) => !after.has(id)),
      }
    } finally {
      store.close()
    }
  }
}
