/** Follows the document and the jobs of the engine for the life of the window, across reconnections. */
import type { ProjectEntry } from '../../../shared/contract/contract.ts'
import { t } from '../i18n/text.ts'
import { stayConnected } from './connection.ts'
import { followDocument, useDocument } from './document-store.ts'
import { showFailure } from './engine-context.ts'
import type { Host } from './host.ts'
import { followJobs, forgetJobs, interruptJobs } from './jobs-store.ts'
import { notify, useSession } from './session-store.ts'

/** @param ready is called once, at the first answer of the engine */
export async function followEngine(
  { client, line }: Host,
  ready: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let project: ProjectEntry | null = null
  let version: string | null = null

  /** Resolves when the document is loaded. */
  const follow = async (): Promise<void> => {
    // The connection reports their end.
    followJobs(client, signal).catch(() => undefined)
    await new Promise<void>((resolve) => {
      followDocument(client, signal, resolve).then(resolve, () => resolve())
    })
  }
  const learn = async (): Promise<void> => {
    const info = await client.app.info()
    project = info.project
    version = info.version
  }
  // Which project is open is known by the time that the engine goes.
  const off = useDocument.subscribe(({ open }, before) => {
    // Notices about one project do not apply to the next.
    if (!open && before.open) useSession.setState({ notices: [] })
    if (open && !before.open) learn().catch(() => undefined)
  })
  signal.addEventListener('abort', off, { once: true })

  const resume = async (): Promise<void> => {
    const wanted = useDocument.getState().open ? project : null
    const info = await client.app.info()
    // With another version or another project the window starts afresh.
    const isOther =
      (version !== null && info.version !== version) || (wanted && info.project && info.project.id !== wanted.id)
    if (isOther) return location.reload()
    let notOpened: unknown = null
    if (wanted && !info.project) {
      await client.projects.open({ id: wanted.id }).catch((error: unknown) => {
        notOpened = error
      })
    }
    forgetJobs()
    await follow()
    // On the first page by now.
    if (notOpened !== null) showFailure(notOpened)
    const { unsure } = useDocument.getState()
    if (unsure.length === 0) return
    notify({
      kind: 'error',
      title: t('connection.lost', { labels: unsure.join(', ') }),
      detail: t('connection.lostFix'),
    })
  }

  await stayConnected(
    line,
    {
      async begin() {
        await ready()
        follow().catch(() => undefined)
      },
      lose: interruptJobs,
      resume,
    },
    signal,
  )
}
