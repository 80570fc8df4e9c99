import { ArrowUp } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

interface FolderBarProps {
  /** Null until it is known. */
  readonly path: string | null
  /** Null at the top. */
  readonly onUp: (() => void) | null
}

/** Where in the folders of the engine's machine one is, and the way up. */
export function FolderBar({ path, onUp }: FolderBarProps) {
  return (
    <>
      <button
        className="button button--icon"
        aria-label={t('import.up')}
        title={t('import.up')}
        disabled={!onUp}
        onClick={() => onUp?.()}
      >
        <ArrowUp size={15} aria-hidden />
      </button>
      <strong className="import__folder" aria-live="polite" title={path ?? undefined}>
        {path === null ? '…' : <ShortName end={lastName(path).length + 1}>{path}</ShortName>}
      </strong>
    </>
  )
}

function lastName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? ''
}
