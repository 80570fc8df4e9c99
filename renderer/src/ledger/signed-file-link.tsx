import { Download } from 'lucide-react'
import { t } from '../i18n/text.ts'

/** What was signed, as a file to hand to somebody: a link that carries it, so that nothing is fetched. */
export function SignedFileLink({ name, signed }: { readonly name: string; readonly signed: object }) {
  const text = `${JSON.stringify(signed, null, 2)}\n`
  return (
    <a className="button" href={`data:application/json,${encodeURIComponent(text)}`} download={name}>
      <Download size={14} aria-hidden /> {t('ledger.saveSigned')}
    </a>
  )
}
