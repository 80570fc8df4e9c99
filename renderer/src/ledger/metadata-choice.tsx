import { useRef } from 'react'
import { FileSearch } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'

interface MetadataChoiceProps {
  /** What was chosen; null: nothing yet. */
  readonly name: string | null
  readonly disabled: boolean
  readonly onChoose: (name: string, token: string) => void
}

/** A chain does not tell the licence of a work: whoever buys it can let its metadata.json be looked into. */
export function MetadataChoice({ name, disabled, onChoose }: MetadataChoiceProps) {
  const { host } = useEngine()
  const chooser = useRef<HTMLInputElement>(null)
  const take = async (file: File): Promise<void> => {
    const [token] = await host.receiveDrop({ files: [{ file, path: file.name }] }, () => undefined)
    if (token !== undefined) onChoose(file.name, token)
  }
  return (
    <>
      <input
        ref={chooser}
        type="file"
        accept=".json"
        hidden
        aria-label={t('ledger.metadata')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void take(file).catch(showFailure)
        }}
      />
      <button className="button" disabled={disabled} onClick={() => chooser.current?.click()}>
        <FileSearch size={14} aria-hidden /> {name ?? t('ledger.metadata')}
      </button>
    </>
  )
}
