import type { Rights } from '../../../shared/document/records.ts'
import { useEngine } from '../state/engine-context.ts'
import { ConsentList } from './consent-list.tsx'
import { t, type PlainKey } from '../i18n/text.ts'

const LICENCES: readonly { readonly id: string; readonly title: PlainKey }[] = [
  { id: 'CC-BY-4.0', title: 'rights.ccBy' },
  { id: 'CC0-1.0', title: 'rights.cc0' },
  { id: 'CDLA-Permissive-2.0', title: 'rights.cdla' },
  { id: 'LicenseRef-Asterism-Lease', title: 'rights.lease' },
]

const TRAINING: readonly { readonly id: Rights['trainingUse']; readonly title: PlainKey }[] = [
  { id: 'allowed', title: 'rights.training.allowed' },
  { id: 'constrained', title: 'rights.training.constrained' },
  { id: 'notAllowed', title: 'rights.training.notAllowed' },
]

/** What the creator grants and declares. Every change is a gesture of its own and can be undone. */
export function RightsStep({ rights, onNext }: { rights: Rights; onNext: () => void }) {
  const { commit } = useEngine()
  const change = (label: string, patch: Partial<Rights>): void =>
    commit(label, (draft) => {
      const record = draft.get('rights')
      if (record?.kind === 'rights') Object.assign(record, patch)
    })
  return (
    <>
      <label className="field">
        <span>{t('rights.licence')}</span>
        <select
          className="input"
          data-part-beginning
          aria-label={t('rights.licence')}
          value={rights.licence ?? ''}
          onChange={(event) => change(t('rights.chooseLicence'), { licence: event.target.value || null })}
        >
          <option value="">{t('rights.choose')}</option>
          {LICENCES.map((licence) => (
            <option key={licence.id} value={licence.id}>
              {t(licence.title)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('rights.training')}</span>
        <select
          className="input"
          aria-label={t('rights.training')}
          value={rights.trainingUse}
          onChange={(event) =>
            change(t('rights.trainingUse'), { trainingUse: event.target.value as Rights['trainingUse'] })
          }
        >
          {TRAINING.map((use) => (
            <option key={use.id} value={use.id}>
              {t(use.title)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('rights.yourName')}</span>
        <input
          key={rights.creatorName}
          className="input"
          defaultValue={rights.creatorName}
          onBlur={(event) => change(t('rights.creatorName'), { creatorName: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{t('rights.shows')}</span>
        <textarea
          key={rights.description}
          className="input"
          rows={3}
          defaultValue={rights.description}
          onBlur={(event) => change(t('rights.description'), { description: event.target.value })}
        />
      </label>
      <Declaration
        words={t('rights.original')}
        isMade={rights.declaresOriginal}
        onChange={(declaresOriginal) => change(t('rights.originality'), { declaresOriginal })}
      />
      <ConsentList />
      <Declaration
        words={t('rights.everyone')}
        isMade={rights.consentsComplete}
        onChange={(consentsComplete) => change(t('rights.consent'), { consentsComplete })}
      />
      <Declaration
        words={t('rights.keepLocation')}
        isMade={rights.keepLocationData}
        onChange={(keepLocationData) => change(t('rights.location'), { keepLocationData })}
      />
      <button className="button button--primary" onClick={onNext}>
        {t('publish.nextPackage')}
      </button>
    </>
  )
}

interface DeclarationProps {
  readonly words: string
  readonly isMade: boolean
  readonly onChange: (isMade: boolean) => void
}

function Declaration({ words, isMade, onChange }: DeclarationProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={isMade} onChange={(event) => onChange(event.target.checked)} />
      <span>{words}</span>
    </label>
  )
}
