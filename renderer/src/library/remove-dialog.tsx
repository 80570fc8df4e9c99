import { whatGoesWith, type GoesWith } from '../../../shared/document/remove-recordings.ts'
import { recordingsToRemove, removeChosen } from '../actions/library-actions.ts'
import { namesWords } from '../i18n/names.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'

const NAMED = 6

const KINDS = [
  'clips',
  'takes',
  'captions',
  'timeMaps',
  'transforms',
  'handPoints',
  'cuts',
] as const satisfies readonly (keyof GoesWith)[]

/** Says what goes with the recordings that are to be removed, before they are. */
export function RemoveDialog() {
  const open = useSession((state) => state.dialog === 'removeRecordings')
  return open ? <Question /> : null
}

function Question() {
  const { client } = useEngine()
  const document = useDocument((state) => state.document)
  const assets = recordingsToRemove()
  const goes = whatGoesWith(document, new Set(assets.map(({ id }) => id)))
  const close = (): void => useSession.setState({ dialog: null })
  const remove = (): void => {
    close()
    removeChosen(client).catch(showFailure)
  }
  const [first] = assets
  if (!first) return null
  const isOne = assets.length === 1
  const title = isOne ? t('remove.one', { title: first.title }) : t('remove.many', { count: assets.length })
  return (
    <Dialog open title={title} className="remove" onClose={close}>
      {isOne ? null : (
        <p className="muted">
          {namesWords(
            assets.map((asset) => asset.title),
            NAMED,
          )}
        </p>
      )}
      <p>{t(isOne ? 'remove.goes' : 'remove.goMany')}</p>
      <ul className="remove__list">
        {KINDS.map((kind) =>
          goes[kind] > 0 ? <li key={kind}>{t(`remove.${kind}`, { count: goes[kind] })}</li> : null,
        )}
      </ul>
      <p className="faint">{t('remove.undo')}</p>
      <div className="row">
        <span className="spacer" />
        <button className="button" onClick={close}>
          {t('app.cancel')}
        </button>
        <button className="button button--primary" data-first onClick={remove}>
          {t('remove.remove')}
        </button>
      </div>
    </Dialog>
  )
}
