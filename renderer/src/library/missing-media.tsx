import { useState } from 'react'
import { FolderSearch, TriangleAlert } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FolderList } from './folder-list.tsx'

/** That files are away, once for all of them, and the way to find them: by their content, below a folder. */
export function MissingMedia({ count }: { count: number }) {
  const { client, host } = useEngine()
  const [isChoosing, setChoosing] = useState(false)
  const lookIn = async (folder: string): Promise<void> => {
    const { relinked, missing } = await client.media.relink({ folder })
    notify({
      kind: missing.length > 0 ? 'info' : 'success',
      title: t('library.found', { count: relinked.length }),
      detail: missing.length > 0 ? t('library.stillMissing', { count: missing.length }) : undefined,
    })
  }
  const choose = async (): Promise<void> => {
    if (!host.pickFiles) return setChoosing(true)
    const [folder] = await host.pickFiles('folder', t('library.find'))
    if (folder !== undefined) await lookIn(folder)
  }
  return (
    <div className="library__missing" role="status">
      <TriangleAlert size={15} aria-hidden />
      <span>{t('library.missing', { count })}</span>
      <button className="button" onClick={() => void choose().catch(showFailure)}>
        <FolderSearch size={14} aria-hidden /> {t('library.find')}
      </button>
      <Dialog open={isChoosing} title={t('library.findIn')} className="find" onClose={() => setChoosing(false)}>
        <p className="muted">{t('library.findHow')}</p>
        <FolderList
          onUse={(folder) => {
            setChoosing(false)
            lookIn(folder).catch(showFailure)
          }}
        />
      </Dialog>
    </div>
  )
}
