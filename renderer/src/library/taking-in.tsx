import { t } from '../i18n/text.ts'
import { useTakingIn } from './take-in.ts'

/** How far files that were dropped have come in, while any is under way. */
export function TakingIn() {
  const now = useTakingIn((state) => state.now)
  if (!now) return null
  const words = t('library.taking', { count: now.count })
  const percent = Math.round(now.fraction * 100)
  return (
    <div className="taking-in" role="status">
      <div className="row">
        <span>{words}</span>
        <span className="spacer" />
        <span className="num muted">{percent} %</span>
      </div>
      <div
        className="meter"
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={words}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
    </div>
  )
}
