import { ExternalLink } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { explorerAddress, type Shown } from './explorer.ts'

/** Opens outside, in the person's browser, and only when clicked: nothing is asked of an explorer unasked. */
export function ExplorerLink({ explorer, shown }: { readonly explorer: string | null; readonly shown: Shown }) {
  const address = explorerAddress(explorer, shown)
  if (address === null) return null
  const label = t('ledger.explorer', { name: new URL(address).host })
  return (
    <a href={address} target="_blank" rel="noreferrer" title={label} aria-label={label}>
      <ExternalLink size={13} aria-hidden />
    </a>
  )
}
