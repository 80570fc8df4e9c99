import { useCallback, useEffect, useState } from 'react'
import { Folder } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { FolderBar } from '../library/folder-bar.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'

interface Place {
  /** Null for where browsing begins. */
  readonly token: string | null
  readonly names: readonly string[]
  readonly parent: string | null
  readonly folders: readonly { readonly token: string; readonly name: string }[]
}

/** A folder on the engine's machine, and under which terms the person has what is in it. */
export function FolderChooser({ onChoose }: { onChoose: (folder: string, licence: string) => void }) {
  const { client, host } = useEngine()
  const [place, setPlace] = useState<Place | null>(null)
  const [licence, setLicence] = useState('')
  const visit = useCallback(
    (token: string | null): void =>
      void client.files
        .browse({ folder: token })
        .then(
          ({ names, parent, entries }) =>
            setPlace({ token, names, parent, folders: entries.filter((entry) => entry.isDirectory) }),
          showFailure,
        ),
    [client],
  )
  useEffect(() => {
    if (!host.pickFiles) visit(null)
  }, [host, visit])
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
      {place ? (
        <>
          <div className="row">
            <FolderBar names={place.names} onUp={place.parent === null ? null : () => visit(place.parent)} />
          </div>
          <ul className="models__folders" aria-label={t('models.folders')}>
            {place.folders.map((folder) => (
              <li key={folder.token}>
                <button className="import__name" onClick={() => visit(folder.token)}>
                  <Folder size={14} aria-hidden /> {folder.name}
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <button
        className="button button--primary"
        disabled={!terms || (!host.pickFiles && !place?.token)}
        onClick={() => (place?.token ? onChoose(place.token, terms) : void pick().catch(showFailure))}
      >
        {place ? t('models.useFolder', { name: place.names.at(-1) ?? t('import.top') }) : t('models.pickFolder')}
      </button>
    </div>
  )
}
