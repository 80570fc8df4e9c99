import { useState } from 'react'
import { KeyRound, X } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { FileBrowser } from '../library/file-browser.tsx'
import { notify } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { withoutDots } from '../ui/format.ts'

/** A file of header lines, as the engine knows it: what is in it never comes into the window. */
export interface HeadersFile {
  readonly token: string
  /** Null where a dialog of the system has chosen it. */
  readonly name: string | null
}

interface HeadersChoiceProps {
  readonly file: HeadersFile | null
  readonly disabled: boolean
  readonly onChoose: (file: HeadersFile | null) => void
}

/** What lets in at a server stands in a file that the engine reads: it is chosen here, and never typed. */
export function HeadersChoice({ file, disabled, onChoose }: HeadersChoiceProps) {
  const [choosing, setChoosing] = useState(false)
  const take = ([token, more]: readonly string[], [name]: readonly string[]): void => {
    if (token === undefined || more !== undefined) return notify({ kind: 'info', title: t('upload.headersOne') })
    onChoose({ token, name: name ?? null })
    setChoosing(false)
  }
  return (
    <div className="row">
      <button className="button" disabled={disabled} onClick={() => setChoosing(true)}>
        <KeyRound size={14} aria-hidden />{' '}
        {file ? t('upload.headersFrom', { name: file.name ?? t('upload.headersFile') }) : t('upload.headers')}
      </button>
      {file ? (
        <button
          className="button button--quiet button--icon"
          aria-label={t('upload.headersNone')}
          title={t('upload.headersNone')}
          disabled={disabled}
          onClick={() => onChoose(null)}
        >
          <X size={14} aria-hidden />
        </button>
      ) : null}
      {choosing ? (
        <Dialog open title={withoutDots(t('upload.headers'))} className="import" onClose={() => setChoosing(false)}>
          <p className="muted">{t('upload.headersWhat')}</p>
          <FileBrowser title={t('upload.headers')} isOne takeLabel={t('upload.headersTake')} onTake={take} />
        </Dialog>
      ) : null}
    </div>
  )
}
