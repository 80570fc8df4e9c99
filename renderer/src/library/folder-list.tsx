import { useCallback, useEffect, useState } from 'react'
import { Folder } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { FolderBar } from './folder-bar.tsx'
import './library.css'

interface Place {
  readonly folder: string
  readonly names: readonly string[]
  readonly parent: string | null
  readonly folders: readonly { readonly token: string; readonly name: string }[]
}

interface FolderListProps {
  /** Whether the folder may be taken yet. */
  readonly isReady?: boolean
  readonly onUse: (folder: string, name: string) => void
}

/** A folder of the engine's machine, for a window that cannot open a dialog of the system. */
export function FolderList({ isReady = true, onUse }: FolderListProps) {
  const { client } = useEngine()
  const [place, setPlace] = useState<Place | null>(null)
  const visit = useCallback(
    (token: string | null): void =>
      void client.files
        .browse({ folder: token })
        .then(
          ({ entries, ...found }) => setPlace({ ...found, folders: entries.filter((entry) => entry.isDirectory) }),
          showFailure,
        ),
    [client],
  )
  useEffect(() => visit(null), [visit])
  if (!place) return null
  const name = place.names.at(-1) ?? t('import.top')
  return (
    <>
      <div className="row">
        <FolderBar names={place.names} onUp={place.parent === null ? null : () => visit(place.parent)} />
      </div>
      <ul className="folders" aria-label={t('import.folders')}>
        {place.folders.map((folder) => (
          <li key={folder.token}>
            <button type="button" className="import__name" onClick={() => visit(folder.token)}>
              <Folder size={14} aria-hidden /> {folder.name}
            </button>
          </li>
        ))}
        {place.folders.length === 0 ? <li className="faint">{t('import.noFolders')}</li> : null}
      </ul>
      <button type="button" className="button" disabled={!isReady} onClick={() => onUse(place.folder, name)}>
        {t('import.useFolder', { name })}
      </button>
    </>
  )
}
