import { useState } from 'react'
import { FileCheck2, Trash2, UserPlus, UserX } from 'lucide-react'
import { consentFault, consentId, CONSENT_SCOPES, type Consent } from '../../../shared/document/consent-records.ts'
import { recordsOf } from '../../../shared/document/document.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { FileChoice } from '../ui/file-choice.tsx'

type Scope = Consent['scope'][number]

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const today = (): string => new Date().toISOString().slice(0, 10)

/** Who agreed to appear. Names stay in the project; a salted digest of each goes into the package. */
export function ConsentList() {
  const document = useDocument((state) => state.document)
  const consents = recordsOf(document, 'consent')
  const { commit } = useEngine()
  const change = (id: string, patch: Partial<Consent>): void =>
    commit(t('consent.change'), (draft) => {
      const record = draft.get(id)
      if (record?.kind === 'consent') Object.assign(record, patch)
    })
  return (
    <fieldset className="consents">
      <legend>{t('consent.people')}</legend>
      <p className="faint">{t('consent.what')}</p>
      {consents.map((consent) => (
        <div key={consent.id} className="card consents__person">
          <strong className={consent.revokedOn ? 'consents__name consents__name--revoked' : 'consents__name'}>
            {consent.person}
          </strong>
          <span className="faint">
            {consent.scope.map((scope) => t(`consent.scope.${scope}`)).join(', ')} · {consent.givenOn}
          </span>
          <ConsentState consent={consent} />
          <span className="row">
            <button
              className="button button--quiet button--icon"
              aria-label={t('consent.revokeOf', { person: consent.person })}
              title={t(consent.revokedOn ? 'consent.restore' : 'consent.revoke')}
              onClick={() => change(consent.id, { revokedOn: consent.revokedOn ? null : today() })}
            >
              <UserX size={14} aria-hidden />
            </button>
            <button
              className="button button--quiet button--icon"
              aria-label={t('consent.removeOf', { person: consent.person })}
              title={t('consent.remove')}
              onClick={() => commit(t('consent.remove'), (draft) => void draft.delete(consent.id))}
            >
              <Trash2 size={14} aria-hidden />
            </button>
          </span>
        </div>
      ))}
      <NewConsent />
    </fieldset>
  )
}

function ConsentState({ consent }: { consent: Consent }) {
  const fault = consentFault(consent)
  if (fault) return <span className="bad">{t(fault === 'revoked' ? 'consent.revoked' : 'consent.noGuardian')}</span>
  return consent.evidenceSha256 ? (
    <span className="good row" title={consent.evidenceSha256}>
      <FileCheck2 size={13} aria-hidden /> {t('consent.onFile')}
    </span>
  ) : (
    <span className="muted">{t('consent.noEvidence')}</span>
  )
}

function NewConsent() {
  const { commit } = useEngine()
  const [person, setPerson] = useState('')
  const [guardian, setGuardian] = useState('')
  const [isMinor, setMinor] = useState(false)
  const [scope, setScope] = useState<readonly Scope[]>(['face', 'voice'])
  const [evidence, setEvidence] = useState<{ name: string; sha256: string } | null>(null)

  const take = async (file: File): Promise<void> => {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    setEvidence({ name: file.name, sha256: hex(new Uint8Array(digest)) })
  }
  const add = (): void => {
    const id = consentId(crypto.randomUUID())
    commit(t('consent.add'), (draft) => {
      draft.set(id, {
        kind: 'consent',
        id,
        person: person.trim(),
        scope: [...scope],
        givenOn: today(),
        evidenceSha256: evidence?.sha256 ?? null,
        guardian: guardian.trim() || null,
        isMinor,
        revokedOn: null,
        salt: hex(crypto.getRandomValues(new Uint8Array(32))),
      })
    })
    setPerson('')
    setGuardian('')
    setMinor(false)
    setEvidence(null)
  }
  return (
    <div className="stack">
      <label className="field">
        <span>{t('consent.person')}</span>
        <input type="text" className="input" value={person} onChange={(event) => setPerson(event.target.value)} />
      </label>
      <div className="row consents__scopes">
        {CONSENT_SCOPES.map((each) => (
          <label key={each} className="check">
            <input
              type="checkbox"
              checked={scope.includes(each)}
              onChange={(event) =>
                setScope(event.target.checked ? [...scope, each] : scope.filter((other) => other !== each))
              }
            />
            <span>{t(`consent.scope.${each}`)}</span>
          </label>
        ))}
        <label className="check">
          <input type="checkbox" checked={isMinor} onChange={(event) => setMinor(event.target.checked)} />
          <span>{t('consent.minor')}</span>
        </label>
      </div>
      {isMinor ? (
        <label className="field">
          <span>{t('consent.guardian')}</span>
          <input type="text" className="input" value={guardian} onChange={(event) => setGuardian(event.target.value)} />
        </label>
      ) : null}
      <div className="row consents__scopes">
        <FileChoice words={evidence ? evidence.name : t('consent.evidence')} Icon={FileCheck2} onChoose={take} />
        <button className="button" disabled={person.trim() === '' || scope.length === 0} onClick={add}>
          <UserPlus size={14} aria-hidden /> {t('consent.add')}
        </button>
      </div>
    </div>
  )
}
