import { useEffect, useMemo, useState } from 'react'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { isAwayIn, isEngineAway, lookNow, useConnection } from '../state/connection.ts'
import { useDocument } from '../state/document-store.ts'
import { HostContext, showFailure, useHost } from '../state/engine-context.ts'
import { followEngine } from '../state/follow-engine.ts'
import { createHost } from '../state/host.ts'
import { lookForMedia } from '../state/look-for-media.ts'
import { notify } from '../state/session-store.ts'
import { dropWhatIsGone } from '../state/selection.ts'
import { followView, recallView } from '../state/view-memory.ts'
import { followPreferences, usePreferences } from '../state/preferences.ts'
import { ConnectionNotice } from './connection-notice.tsx'
import { keepFocus } from './keep-focus.ts'
import { PreferencesDialog } from './preferences-dialog.tsx'
import { Notices } from './notices.tsx'
import { Studio } from './studio.tsx'
import { rememberParts } from './window-parts.ts'
import { Welcome } from './welcome.tsx'
import { decimalWords, t, useLanguage } from '../i18n/text.ts'

/** Connects to the engine, then shows the welcome or the studio; stays as it is when the engine goes, until it is back. */
export function App() {
  const [first] = useState(createHost)
  const returns = useConnection((state) => state.returns)
  const host = useMemo(() => (returns === 0 ? first : { ...first, client: first.line.newClient() }), [first, returns])
  const [ready, setReady] = useState(false)
  const open = useDocument((state) => state.open)
  const { theme, scale, reducedMotion } = usePreferences()
  const language = useLanguage((state) => state.language)

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
    const { signal } = following
    const begin = async (): Promise<void> => {
      // Before anything is shown, so that it is shown in the person's language; without an answer in the defaults.
      await followPreferences(first.client, signal).catch(() => undefined)
      if (!signal.aborted) setReady(true)
    }
    followEngine(first, begin, signal).catch(showFailure)
    // Whoever comes back to the window may have started the engine.
    window.addEventListener('focus', lookNow, { signal })
    window.addEventListener('unhandledrejection', (event) => showFailure(event.reason), { signal })
    return () => following.abort()
  }, [first])

  return (
    <HostContext value={host}>
      <div className="window">
        <ConnectionNotice key={language} />
        <div className="window__body">
          {!ready ? (
            <div className="empty">{t('app.opening')}</div>
          ) : open ? (
            // What is written is drawn anew in another language.
            <OpenProject />
          ) : (
            <>
              <Welcome key={language} />
              <Notices />
            </>
          )}
        </div>
      </div>
      {ready ? <PreferencesDialog /> : null}
    </HostContext>
  )
}

/** The studio, once what it looked like last time is known. */
function OpenProject() {
  const { client, line } = useHost()
  const [recalled, setRecalled] = useState(false)
  const language = useLanguage((state) => state.language)
  const isAway = useConnection(isAwayIn)
  // What was drawn while nobody answered is drawn again with what the engine has when it is back.
  const drawnAway = useMemo(() => isEngineAway() && language, [language])
  const drawing = drawnAway === language && !isAway ? 'again' : 'once'
  useEffect(() => followMedia(client), [client])
  useEffect(() => {
    recoverTakes(client).catch(showFailure)
  }, [client])
  // The look of the window is the window's own: an engine that came back has nothing newer.
  useEffect(() => {
    const own = line.newClient()
    let stop: (() => void) | null = null
    let gone = false
    recallView(own)
      .catch(showFailure)
      .finally(() => {
        if (gone) return
        stop = followView(own)
        setRecalled(true)
      })
    return () => {
      gone = true
      stop?.()
    }
  }, [line])
  return recalled ? <Studio key={`${language} ${drawing}`} /> : <div className="empty">{t('app.openingProject')}</div>
}

/** Files are moved and changed beside the program: they are looked for whenever the person comes back to it. */
function followMedia(client: EngineClient): () => void {
  const look = (): void => {
    if (!isEngineAway()) lookForMedia(client).catch(showFailure)
  }
  look()
  window.addEventListener('focus', look)
  return () => window.removeEventListener('focus', look)
}

/** Commentary that was being recorded when the engine ended is a take by now: that is said. */
async function recoverTakes(client: EngineClient): Promise<void> {
  for (const { seconds } of await client.commentary.recover())
    notify({ kind: 'info', title: t('commentary.recovered', { seconds: decimalWords(seconds, 1) }) })
}
