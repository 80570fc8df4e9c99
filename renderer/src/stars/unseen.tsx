import { TriangleAlert } from 'lucide-react'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { useRelink } from '../library/relink.ts'
import { useDocument } from '../state/document-store.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { t } from '../i18n/text.ts'
import { assetIn } from './moment-picture.tsx'

/** What the prediction could not look at, recording by recording, each with its reason and, where its file is gone, the way back. */
export function Unseen({ unseen }: { unseen: NonNullable<StarsAnswer['unseen']> }) {
  const document = useDocument((state) => state.document)
  const relink = useRelink()
  // The streams of a recording mostly fail for one reason: it is said once.
  const reasons = new Map(unseen.map((each) => [`${each.asset} ${each.reason}`, each]))
  return (
    <section className="stars-note" role="status" aria-label={t('stars.unseen')}>
      <TriangleAlert size={14} aria-hidden />
      <div className="stack stars-note__list">
        <span>{t('stars.unseen')}</span>
        {[...reasons].map(([key, each]) => {
          const asset = assetIn(document, each.asset)
          return (
            <span key={key} className="row">
              <span className="muted">
                {asset ? `${asset.title}: ` : ''}
                {reasonWords(each)}
              </span>
              <span className="spacer" />
              {asset?.missing ? (
                <button className="button" onClick={() => relink(asset.id)}>
                  {t('library.chooseAgain')}
                </button>
              ) : null}
            </span>
          )
        })}
      </div>
    </section>
  )
}
