import { useEffect, useState } from 'react'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { useDocument, followDocument } from '../state/document-store.ts'
import { HostContext, showFailure, useHost } from '../state/engine-context.ts'
import { connectHost, type Host } from '../state/host.ts'
import { followJobs } from '../state/jobs-store.ts'
import { notify, useSession } from '../state/session-store.ts'
import { dropWhatIsGone } from '../state/selection.ts'
import { followView, recallView } from '../state/view-memory.ts'
import { followPreferences, usePreferences } from '../state/preferences.ts'
import { keepFocus } from './keep-focus.ts'
import { PreferencesDialog } from './preferences-dialog.tsx'
import { Notices } from './notices.tsx'
import { Studio } from './studio.tsx'
import { rememberParts } from './window-parts.ts'
import { Welcome } from './welcome.tsx'
import { decimalWords, t, useLanguage } from '../i18n/text.ts'

/** Connects to the engine, then shows the welcome or the studio. */
export function App() {
  const [host, setHost] = useState<Host | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const open = useDocument((state) => state.open)
  const { theme, scale, reducedMotion } = usePreferences()
  const language = useLanguage((state) => state.language)
  const connected = useSession((state) => state.connected)

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
    document.documentElement.lang = language === 'pseudo' ? 'en' : language
    document.documentElement.style.setProperty('zoom', String(scale))
    document.documentElement.toggleAttribute('data-still', reducedMotion)
  }, [theme, language, scale, reducedMotion])

  useEffect(keepFocus, [])
  useEffect(rememberParts, [])
  useEffect(dropWhatIsGone, [])

  useEffect(() => {
    const following = new AbortController()
    connectHost()
      .then(async (connectedHost) => {
        // Before anything is shown, so that it is shown in the person's language; without an answer in the defaults.
        await followPreferences(connectedHost.client, following.signal).catch(() => undefined)
        if (following.signal.aborted) return
        setHost(connectedHost)
        const lost = (): void => {
          if (!following.signal.aborted) useSession.setState({ connected: false })
        }
        void connectedHost.disconnected.then(lost)
        followDocument(connectedHost.client, following.signal).catch(() => lost())
        followJobs(connectedHost.client, following.signal).catch(() => lost())
      })
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)))
    const unhandled = (event: PromiseRejectionEvent): void => showFailure(event.reason)
    window.addEventListener('unhandledrejection', unhandled)
    return () => {
      following.abort()
      window.removeEventListener('unhandledrejection', unhandled)
    }
  }, [])

  if (failure) return <Disconnected what={failure} />
  if (!host) return <div className="empty">{t('app.opening')}</div>
  return (
    <HostContext value={host}>
      {connected ? null : <Disconnected what={t('app.stopped')} />}
      {/* What is written is drawn anew in another language. */}
      {open ? (
        <OpenProject />
      ) : (
        <>
          <Welcome key={language} />
          <Notices />
        </>
      )}
      <PreferencesDialog />
    </HostContext>
  )
}

/** The studio, once what it looked like last time is known. */
function OpenProject() {
  const { client } = useHost()
  const [recalled, setRecalled] = useState(false)
  const language = useLanguage((state) => state.language)
  useEffect(() => lookForMedia(client), [client])
  useEffect(() => {
    let stop: (() => void) | null = null
    let gone = false
    recoverTakes(client).catch(showFailure)
    recallView(client)
      .catch(showFailure)
      .finally(() => {
        if (gone) return
        stop = followView(client)
        setRecalled(true)
      })
    return () => {
      gone = true
      stop?.()
    }
  }, [client])
  return recalled ? <Studio key={language} /> : <div className="empty">{t('app.openingProject')}</div>
}

/** Files are moved and changed beside the program: they are looked for whenever the person comes back to it. */
function lookForMedia(client: EngineClient): () => void {
  const look = (): void => void client.media.look().catch(showFailure)
  look()
  window.addEventListener('focus', look)
  return () => window.removeEventListener('focus', look)
}

/** Commentary that was being recorded when the engine ended is a take by now: that is said. */
async function recoverTakes(client: EngineClient): Promise<void> {
  for (const { seconds } of await client.commentary.recover())
    notify({ kind: 'info', title: t('commentary.recovered', { seconds: decimalWords(seconds, 1) }) })
}

function Disconnected({ what }: { what: string }) {
  return (
    <div className="disconnected" role="alert">
      <strong>{what}</strong> {t('app.savedSoFar')}{' '}
      <button className="button" onClick={() => location.reload()}>
        {t('app.reload')}
      </button>
    </div>
  )
}
