import { useRef } from 'react'
import type { LucideIcon } from 'lucide-react'
import { showFailure } from '../state/engine-context.ts'

interface FileChoiceProps {
  readonly words: string
  readonly Icon: LucideIcon
  /** Endings and types, as in `.json,application/json`; without it, any file. */
  readonly accept?: string
  readonly multiple?: boolean
  readonly disabled?: boolean
  readonly onChoose: (file: File, all: readonly File[]) => unknown
}

/** A button that asks for a file. The same one can be chosen again: it may have been written anew. */
export function FileChoice({ words, Icon, accept, multiple = false, disabled = false, onChoose }: FileChoiceProps) {
  const chooser = useRef<HTMLInputElement>(null)
  const take = async (all: readonly File[]): Promise<void> => {
    const [file] = all
    if (file) await onChoose(file, all)
  }
  return (
    <>
      <input
        ref={chooser}
        type="file"
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        hidden
        aria-label={words}
        onChange={(event) => {
          const all = [...(event.target.files ?? [])]
          event.target.value = ''
          void take(all).catch(showFailure)
        }}
      />
      <button type="button" className="button" disabled={disabled} onClick={() => chooser.current?.click()}>
        <Icon size={14} aria-hidden /> {words}
      </button>
    </>
  )
}
