import { useState } from 'react'
import { t } from '../i18n/text.ts'
import { FolderList } from '../library/folder-list.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'

/** A folder on the engine's machine, and under which terms the person has what is in it. */
export function FolderChooser({ onChoose }: { onChoose: (folder: string, licence: string) => void }) {
  const { host } = useEngine()
  const [licence, setLicence] = useState('')
  const terms = licence.trim()
  const pick = async (): Promise<void> => {
    const [folder] = (await host.pickFiles?.('folder', t('models.pickFolder'))) ?? []
    if (folder) onChoose(folder, terms)
  }
  return (
    <div className="stack card">
      <label className="field">
        <span>{t('models.yourLicence')}</span>
        <input className="input" value={licence} onChange={(event) => setLicence(event.target.value)} />
      </label>
      {host.pickFiles ? (
        <button className="button button--primary" disabled={!terms} onClick={() => void pick().catch(showFailure)}>
          {t('models.pickFolder')}
        </button>
      ) : (
        <FolderList isReady={terms !== ''} onUse={(folder) => onChoose(folder, terms)} />
      )}
    </div>
  )
}
