import { useEffect, useRef, useState } from 'react'
import { FolderDown } from 'lucide-react'
import type { ExportFormat } from '../../../shared/contract/export.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { t } from '../i18n/text.ts'
import { FolderList } from '../library/folder-list.tsx'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'

/** What would be written, and what lies there. */
interface FoundPlace {
  readonly fileName: string
  readonly there: 'nothing' | 'ours' | 'foreign'
  readonly freeName: string
}

/** Where an export goes, and whether it may. */
export interface ExportPlace {
  /** Null is the folder of the project. */
  readonly folder: string | null
  /** Where it is known. */
  readonly folderName: string | null
  setFolder(folder: string | null, name?: string): void
  readonly name: string
  setName(name: string): void
  /** Null until the engine has looked. */
  readonly found: FoundPlace | null
  /** Whether the person said that what is there may go. */
  readonly replace: boolean
  setReplace(replace: boolean): void
  /** An export is on its way to it. */
  readonly isTaken: boolean
  /** Nothing is there, or what is there may go; and no export is on its way to it. */
  readonly isFree: boolean
  /** To be called when an export to this place begins. */
  markTaken(): void
}

/**
 * The place of the next export, beside the project at first; looked at anew after every change.
 * @param firstName instead of the project's own
 */
export function useExportPlace(format: ExportFormat, firstName?: string): ExportPlace {
  const { client } = useEngine()
  const title = useDocument(({ document }) => {
    const project = document.get('project')
    return project?.kind === 'project' ? project.title : ''
  })
  const [name, setName] = useState(firstName ?? title)
  const [chosen, setChosen] = useState<{ readonly folder: string; readonly name: string | null } | null>(null)
  const folder = chosen?.folder ?? null
  const [looked, setLooked] = useState<{ readonly key: string; readonly found: FoundPlace } | null>(null)
  const [replaceKey, setReplaceKey] = useState<string | null>(null)
  const [takenKey, setTakenKey] = useState<string | null>(null)
  // After an export has ended something else may lie there.
  const ended = useJobs(({ jobs }) => [...jobs.values()].filter((job) => job.kind === 'export' && hasEnded(job)).length)
  const key = JSON.stringify([format, folder, name, ended])

  useEffect(() => {
    let isLate = false
    if (name.trim() === '') return
    client.exports.look({ format, place: { folder, name } }).then((found) => {
      if (!isLate) setLooked({ key, found })
    }, showFailure)
    return () => {
      isLate = true
    }
  }, [client, format, folder, name, key])

  const found = looked?.key === key ? looked.found : null
  const replace = replaceKey === key
  return {
    folder,
    folderName: chosen?.name ?? null,
    setFolder: (token, called) => setChosen(token === null ? null : { folder: token, name: called ?? null }),
    name,
    setName,
    found,
    replace,
    setReplace: (allowed) => setReplaceKey(allowed ? key : null),
    isTaken: takenKey === key,
    isFree: takenKey !== key && found !== null && (found.there === 'nothing' || (found.there === 'ours' && replace)),
    markTaken: () => setTakenKey(key),
  }
}

function wordsOf(isTaken: boolean, there: FoundPlace['there']) {
  if (isTaken) return 'export.isQueued'
  return there === 'nothing' ? 'export.willBe' : (`export.there.${there}` as const)
}

/** Name and folder of an export, and what lies there already. */
export function ExportPlaceFields({ place, isAsked }: { readonly place: ExportPlace; readonly isAsked: boolean }) {
  const { host } = useEngine()
  const { folder, folderName, name, found } = place
  const [isBrowsing, setBrowsing] = useState(false)
  const choose = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isAsked) choose.current?.focus()
  }, [isAsked])
  const chooseFolder = async (): Promise<void> => {
    if (!host.pickFiles) return setBrowsing(!isBrowsing)
    const [chosen] = await host.pickFiles('folder', t('export.chooseFolder'))
    if (chosen !== undefined) place.setFolder(chosen)
  }
  const takeFolder = (chosen: string, called: string): void => {
    place.setFolder(chosen, called)
    setBrowsing(false)
    choose.current?.focus()
  }
  return (
    <>
      <label className="field export__wide">
        <span>{t('export.name')}</span>
        <input
          type="text"
          className="input"
          value={name}
          maxLength={120}
          onChange={(event) => place.setName(event.target.value)}
        />
      </label>
      <div className="row export__wide">
        <span className="muted">
          {folderName === null
            ? t(folder === null ? 'export.besideProject' : 'export.chosenFolder')
            : t('export.inFolder', { name: folderName })}
        </span>
        <button
          ref={choose}
          type="button"
          className="button"
          aria-expanded={host.pickFiles ? undefined : isBrowsing}
          onClick={() => void chooseFolder().catch(showFailure)}
        >
          <FolderDown size={14} aria-hidden /> {t('export.chooseFolder')}
        </button>
        {folder === null ? null : (
          <button type="button" className="button button--quiet" onClick={() => place.setFolder(null)}>
            {t('export.backBeside')}
          </button>
        )}
      </div>
      {isBrowsing ? (
        <div className="export__wide stack card">
          <FolderList onUse={takeFolder} />
        </div>
      ) : null}
      <div className="export__wide row" role="status">
        {found ? (
          <>
            <span className={found.there === 'nothing' ? 'muted' : ''}>
              {t(wordsOf(place.isTaken, found.there), { fileName: found.fileName })}
            </span>
            {found.there === 'nothing' ? null : (
              <button type="button" className="button" onClick={() => place.setName(found.freeName)}>
                {t('export.useFree', { name: found.freeName })}
              </button>
            )}
            {found.there === 'ours' ? (
              <label className="check">
                <input
                  type="checkbox"
                  checked={place.replace}
                  onChange={(event) => place.setReplace(event.target.checked)}
                />
                <span>{t('export.replace')}</span>
              </label>
            ) : null}
          </>
        ) : null}
      </div>
    </>
  )
}
