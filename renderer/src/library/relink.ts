/** A recording whose file was moved gets it back: the same bytes, wherever they lie now. */
import { showFailure, useEngine, type EngineAccess } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { chooseFiles } from './choose-files.ts'
import { t } from '../i18n/text.ts'
import { tellOfRefusals } from './refusals.ts'

/** Asks for the file of a recording, or for those of all that are missing, and says what came of it. */
export function useRelink(): (assetId: string | null) => void {
  const engine = useEngine()
  return (assetId) => void relink(engine, assetId).catch(showFailure)
}

async function relink({ client, host }: EngineAccess, assetId: string | null): Promise<void> {
  const files = await chooseFiles(host, t('library.chooseAgain'))
  if (files.length === 0) return
  const { relinked, refused } = await client.media.relinkFiles({ files, assetId })
  tellOfRefusals('relink', refused)
  if (relinked.length > 0) notify({ kind: 'success', title: t('library.found', { count: relinked.length }) })
}
