import { useEffect, useState, type ComponentType } from 'react'
import { RotateCcw, Unplug } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { isAwayIn, useConnection } from '../state/connection.ts'

/** Cached, so that the world is there at once when it is shown again. */
let arrived: ComponentType | null = null

/**
 * The world, loaded when it is first shown, since three is the largest part of the window. While the engine is away it
 * cannot be loaded, which is shown; it loads by itself when the engine is back.
 */
export function WorldPart() {
  const [World, setWorld] = useState<ComponentType | null>(() => arrived)
  const [tries, setTries] = useState(0)
  const isAway = useConnection(isAwayIn)
  const returns = useConnection((state) => state.returns)
  const attempt = `${tries} ${returns}`
  const [failedAttempt, setFailedAttempt] = useState<string | null>(null)
  const failed = failedAttempt === attempt
  useEffect(() => {
    if (arrived || isAway) return
    let isShown = true
    const come = async (): Promise<void> => {
      try {
        arrived = (await import('./world-view.tsx')).WorldView
        if (isShown) setWorld(() => arrived)
      } catch {
        if (isShown) setFailedAttempt(attempt)
      }
    }
    void come()
    return () => {
      isShown = false
    }
  }, [isAway, attempt])

  if (World) return <World />
  if (!isAway && !failed) return <div className="world empty">{t('stage.openingWorld')}</div>
  return (
    <div className="world empty" role="status">
      <Unplug size={20} aria-hidden />
      <strong>{t('stage.worldNotHere')}</strong>
      <span>{t(isAway ? 'stage.worldComes' : 'stage.worldFailed')}</span>
      {isAway ? null : (
        <button className="button" onClick={() => setTries(tries + 1)}>
          <RotateCcw size={14} aria-hidden /> {t('app.partAgain')}
        </button>
      )}
    </div>
  )
}
