/** What is said: writing it down, finding it, playing it. */
import { recordsOf } from '../../../shared/document/document.ts'
import { captionsInOrder } from '../../../shared/document/spoken-words.ts'
import { useDocument } from '../state/document-store.ts'
import { notify, useSession } from '../state/session-store.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { t } from '../i18n/text.ts'
import { chosenSpan, inOneLine, useWordChoice } from '../words/transcript-order.ts'
import { playSpan } from '../words/word-playing.ts'
import { useWordSearch } from '../words/word-search.ts'
import type { Action } from './action.ts'
import { needsAssets, needsTracks } from './requirements.ts'

/** Cheap: buttons ask for it with every change. */
function needsWords(): string | null {
  const { focus } = useWordChoice.getState()
  return focus && useDocument.getState().document.has(focus.captionId) ? null : t('needs.words')
}

/** Words can be there before any recording is. */
function needsSpeech(): string | null {
  return recordsOf(useDocument.getState().document, 'caption').length > 0 ? null : needsTracks()
}

function searchWords(): void {
  useSession.setState(({ wordSearches }) => ({
    workspace: 'edit',
    editTab: 'words',
    wordSearches: wordSearches + 1,
  }))
}

export const wordsActions: readonly Action[] = [
  {
    id: 'findWords',
    group: 'export',
    shortcuts: ['Ctrl+F'],
    disabledReason: needsSpeech,
    run: searchWords,
  },
  {
    id: 'replaceWords',
    group: 'export',
    shortcuts: ['Ctrl+H'],
    disabledReason: needsSpeech,
    run: () => {
      useWordSearch.setState({ isReplacing: true })
      searchWords()
    },
  },
  {
    id: 'playWords',
    group: 'export',
    shortcuts: ['Shift+Space'],
    disabledReason: needsWords,
    run: () => {
      const span = chosenSpan(inOneLine(captionsInOrder(useDocument.getState().document)))
      if (span) playSpan(span)
    },
  },
  {
    id: 'transcribe',
    group: 'export',
    shortcuts: [],
    disabledReason: needsAssets,
    run: async (c) => {
      const answer = await c.run('transcribe', { assetId: null })
      if (!answer) return
      notify({
        kind: 'success',
        title: t('export.transcribed', { count: answer.segments.length }),
        detail: reasonWords({ reason: answer.recognizer.note, said: answer.recognizer.said }),
      })
    },
  },
  {
    id: 'models',
    group: 'export',
    shortcuts: [],
    run: () => useSession.setState({ dialog: 'models' }),
  },
]
