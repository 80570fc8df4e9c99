import { FileSearch } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { useHost } from '../state/engine-context.ts'
import { tokenOfFile } from '../state/host.ts'
import { FileChoice } from '../ui/file-choice.tsx'

interface MetadataChoiceProps {
  /** What was chosen; null: nothing yet. */
  readonly name: string | null
  readonly disabled: boolean
  readonly onChoose: (name: string, token: string) => void
}

/** A chain does not tell the licence of a work: whoever buys it can let its metadata.json be looked into. */
export function MetadataChoice({ name, disabled, onChoose }: MetadataChoiceProps) {
  const host = useHost()
  const take = async (file: File): Promise<void> => {
    const token = await tokenOfFile(host, file)
    if (token !== undefined) onChoose(file.name, token)
  }
  return (
    <FileChoice
      words={name ?? t('ledger.metadata')}
      Icon={FileSearch}
      accept=".json"
      disabled={disabled}
      onChoose={take}
    />
  )
}
