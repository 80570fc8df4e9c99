/** Taking the project out; progress and cancelling are those of every job. */
import type { ExportFormat } from '../../../shared/contract/export.ts'
import { notify, useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { nameOfPath } from '../ui/format.ts'
import type { Action, ActionId } from './action.ts'
import { needsAssets, needsTracks } from './requirements.ts'
import { noteWords } from '../ui/saying-words.ts'

const EXPORTS: readonly (readonly [ActionId, ExportFormat, () => string | null])[] = [
  ['exportFilm', 'mp4', needsTracks],
  ['exportSound', 'wav', needsTracks],
  ['exportTimeline', 'otio', needsTracks],
  ['exportCaptions', 'vtt', needsTracks],
  ['exportDataset', 'lerobot', needsTracks],
  ['exportWorld', 'glb', needsAssets],
]

export const exportActions: readonly Action[] = [
  {
    id: 'export',
    group: 'export',
    shortcuts: ['Ctrl+E'],
    disabledReason: needsAssets,
    run: () => useSession.setState({ dialog: 'export' }),
  },
  {
    id: 'exportStill',
    group: 'export',
    shortcuts: ['Ctrl+Alt+E'],
    disabledReason: needsTracks,
    run: async (c) => {
      const atSeconds = now()
      // A name of its own for each moment, in a form that every system takes.
      const name = t('export.stillName', { seconds: atSeconds.toFixed(3).replace('.', '-') })
      const answer = await c.run('export', {
        format: 'still',
        out: null,
        preset: null,
        atSeconds,
        place: { folder: null, name },
      })
      const [file] = answer?.files ?? []
      if (!file) return
      notify({
        kind: 'success',
        title: t('export.written', { name: nameOfPath(file.path) }),
        detail: t('export.beside'),
      })
    },
  },
  ...EXPORTS.map(([id, format, disabledReason]): Action => ({
    id,
    group: 'export',
    shortcuts: [],
    disabledReason,
    run: async (c) => {
      const answer = await c.run('export', { format, out: null, preset: null })
      const [first] = answer?.files ?? []
      if (!answer || !first) return
      const detail = [t('export.beside'), ...noteWords(answer)].join(' ')
      notify({ kind: 'success', title: t('export.written', { name: nameOfPath(first.path) }), detail })
    },
  })),
]
