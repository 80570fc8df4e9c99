import type { Rights } from '../../../shared/document/records.ts'
import { useEngine } from '../state/engine-context.ts'

const LICENCES: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'CC-BY-4.0', title: 'CC BY 4.0: anyone may use it and must name you' },
  { id: 'CC0-1.0', title: 'CC0: no rights kept' },
  { id: 'CDLA-Permissive-2.0', title: 'CDLA Permissive 2.0: made for data' },
  { id: 'LicenseRef-Asterism-Lease', title: 'Lease only: use by those who hold a lease' },
]

const TRAINING: readonly { readonly id: Rights['trainingUse']; readonly title: string }[] = [
  { id: 'allowed', title: 'allowed' },
  { id: 'constrained', title: 'allowed under the licence only' },
  { id: 'notAllowed', title: 'not allowed' },
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
        <span>Licence</span>
        <select
          className="input"
          aria-label="Licence"
          value={rights.licence ?? ''}
          onChange={(event) => change('Choose licence', { licence: event.target.value || null })}
        >
          <option value="">Choose…</option>
          {LICENCES.map((licence) => (
            <option key={licence.id} value={licence.id}>
              {licence.title}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Training of AI models</span>
        <select
          className="input"
          aria-label="Training of AI models"
          value={rights.trainingUse}
          onChange={(event) => change('Training use', { trainingUse: event.target.value as Rights['trainingUse'] })}
        >
          {TRAINING.map((use) => (
            <option key={use.id} value={use.id}>
              {use.title}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Your name, as it is shown to buyers</span>
        <input
          key={rights.creatorName}
          className="input"
          defaultValue={rights.creatorName}
          onBlur={(event) => change('Creator name', { creatorName: event.target.value })}
        />
      </label>
      <label className="field">
        <span>What the recording shows</span>
        <textarea
          key={rights.description}
          className="input"
          rows={3}
          defaultValue={rights.description}
          onBlur={(event) => change('Description', { description: event.target.value })}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={rights.declaresOriginal}
          onChange={(event) => change('Originality', { declaresOriginal: event.target.checked })}
        />
        <span>I made these recordings; they are my own original work.</span>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={rights.consentsComplete}
          onChange={(event) => change('Consent', { consentsComplete: event.target.checked })}
        />
        <span>Everyone who can be recognised in them has agreed. Their names stay on this machine.</span>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={rights.keepLocationData}
          onChange={(event) => change('Location data', { keepLocationData: event.target.checked })}
        />
        <span>Keep where they were recorded (GPS). Left out otherwise.</span>
      </label>
      <button className="button button--primary" onClick={onNext}>
        Next: package
      </button>
    </>
  )
}
