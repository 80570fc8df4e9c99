import { TriangleAlert } from 'lucide-react'
import { t } from '../i18n/text.ts'

/** That what is packed is no longer what the project is. */
export function ChangedSince({ onPack }: { readonly onPack?: () => void }) {
  return (
    <div className="row" role="status">
      <span className="ledger__line ledger__warning">
        <TriangleAlert size={14} aria-hidden /> <span>{t('package.changed')}</span>
      </span>
      {onPack ? (
        <button className="button" onClick={onPack}>
          {t('package.again')}
        </button>
      ) : null}
    </div>
  )
}
