import { ArrowUp } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

const BETWEEN = ' › '

interface FolderBarProps {
  /** Of the folder and of those it lies in, the outermost first; null until they are known. */
  readonly names: readonly string[] | null
  /** Null at the top. */
  readonly onUp: (() => void) | null
}

/** Where in the folders of the engine's machine one is, and the way up. */
export function FolderBar({ names, onUp }: FolderBarProps) {
  const where = names?.join(BETWEEN) || t('import.top')
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
      <strong className="import__folder" aria-live="polite" title={names ? where : undefined}>
        {names ? <ShortName end={(names.at(-1) ?? '').length + BETWEEN.length}>{where}</ShortName> : '…'}
      </strong>
    </>
  )
}
