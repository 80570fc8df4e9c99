import { t } from '../i18n/text.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ExportForm } from './export-form.tsx'
import { useFailedExport } from './failed-export.ts'
import { ExportQueue } from './export-queue.tsx'
import './export.css'

/** Taking the project out: what is to be made, and what is being made. */
export function ExportDialog() {
  const open = useSession((state) => state.dialog === 'export')
  const { failed, times } = useFailedExport()
  return (
    <Dialog
      open={open}
      title={t('export.title')}
      className="export"
      onClose={() => {
        useSession.setState({ dialog: null })
        useFailedExport.setState({ failed: null })
      }}
    >
      <ExportForm key={times} failed={failed} />
      <ExportQueue />
    </Dialog>
  )
}
