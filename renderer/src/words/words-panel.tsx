import { useMemo, useState } from 'react'
import { Captions, Cpu, Mic, Scissors, Upload } from 'lucide-react'
import { recordsOf, streamsOf, type Document } from '../../../shared/document/document.ts'
import { cutSpans, lockedBehind } from '../../../shared/document/cut-spans.ts'
import { captionsInOrder, type Span } from '../../../shared/document/spoken-words.ts'
import type { Asset, Caption } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { ActionButton } from '../app/action-button.tsx'
import { actionById } from '../actions/actions.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { useImportFiles } from '../library/import-tokens.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { notify, useSession } from '../state/session-store.ts'
import { now, seek } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { DeadWood } from './dead-wood.tsx'
import { PhraseSearch } from './phrase-search.tsx'
import { Transcript } from './transcript.tsx'
import { chosenRange, inOneLine, spanOfWords, useWordChoice, type PlacedWord } from './transcript-order.ts'
import './words.css'

/** What is said in the take: read, searched, corrected, and the picture cut by it. */
export function WordsPanel() {
  const document = useDocument((state) => state.document)
  const captions = useMemo(() => captionsInOrder(document), [document])
  const words = useMemo(() => inOneLine(captions), [captions])
  const cut = useCut()
  return (
    <div className="words">
      <AddWords />
      <TranscribeRow document={document} hasWords={captions.length > 0} />
      {captions.length === 0 ? (
        <div className="empty">
          <Captions size={30} aria-hidden />
          <p>{t('words.none')}</p>
        </div>
      ) : (
        <>
          <PhraseSearch words={words} />
          <Transcript captions={captions} words={words} onCut={() => cut([chosenSpan(words)])} />
          <ChosenWords words={words} onCut={(span) => cut([span])} />
          <DeadWood captions={captions} onCut={cut} />
        </>
      )}
    </div>
  )
}

function chosenSpan(words: readonly PlacedWord[]): Span | null {
  const range = chosenRange(words, useWordChoice.getState())
  return range ? spanOfWords(words.slice(range[0], range[1] + 1)) : null
}

/** Cuts stretches out of the time line: one step of undo, and the playhead goes to the first cut. */
function useCut(): (spans: readonly (Span | null)[]) => void {
  const { commit } = useEngine()
  return (spans) => {
    const there = spans.filter((span) => span !== null)
    if (there.length === 0) return
    const locked = lockedBehind(useDocument.getState().document, there)
    if (locked) {
      notify({ kind: 'info', title: t('words.locked', { track: locked.title }) })
      return
    }
    commit(t('words.cutWords'), (draft) => void cutSpans(draft, there, () => `clip-${crypto.randomUUID()}`))
    useWordChoice.setState({ anchor: null, focus: null })
    seek(secondsFromTicks(Math.min(...there.map((span) => span.startTicks))))
  }
}

function ChosenWords({ words, onCut }: { words: readonly PlacedWord[]; onCut: (span: Span) => void }) {
  const choice = useWordChoice()
  const range = chosenRange(words, choice)
  if (!range) return <p className="words__hint faint">{t('words.hint')}</p>
  const span = spanOfWords(words.slice(range[0], range[1] + 1))
  const seconds = secondsFromTicks(span.endTicks - span.startTicks).toFixed(2)
  return (
    <div className="words__chosen row" role="status">
      <span className="num">{t('words.chosen', { count: range[1] - range[0] + 1, seconds })}</span>
      <span className="spacer" />
      <button className="button" onClick={() => onCut(span)}>
        <Scissors size={14} aria-hidden /> {t('words.cut')}
      </button>
    </div>
  )
}

/** The recording whose speech is written down: the selected one, else the one that is heard. Many hear the same words. */
function heardAsset(document: Document, selectedId: string | null): Asset | null {
  const hasSound = (assetId: string): boolean =>
    streamsOf(document, assetId).some((stream) => stream.sensor === 'audio')
  const heard = recordsOf(document, 'track')
    .sort((a, b) => a.order - b.order)
    .find((track) => track.sensor === 'audio' && !track.muted && track.clips.length > 0)
  const id = selectedId && hasSound(selectedId) ? selectedId : heard?.clips[0]?.assetId
  const asset = id ? document.get(id) : undefined
  return asset?.kind === 'asset' ? asset : null
}

function TranscribeRow({ document, hasWords }: { document: Document; hasWords: boolean }) {
  const context = useActionContext()
  const { run } = useEngine()
  const importFiles = useImportFiles()
  const selectedId = useSession((state) => state.selectedAssetId)
  const running = useRunning('transcribe')
  const asset = heardAsset(document, selectedId)
  if (running) return <RunningJob job={running} />
  return (
    <div className="row words__tasks">
      <button
        className="button words__make"
        disabled={!asset}
        onClick={() => void run('transcribe', { assetId: asset?.id ?? null })}
      >
        <Mic size={14} aria-hidden />
        <span>{asset ? t('words.transcribeOne', { title: asset.title }) : t('words.transcribe')}</span>
      </button>
      <ActionButton id="models" context={context}>
        <Cpu size={14} aria-hidden />
      </ActionButton>
      <span className="spacer" />
      <button className="button button--quiet" title={t('words.importHint')} onClick={importFiles}>
        <Upload size={14} aria-hidden /> {t('words.import')}
      </button>
      {hasWords ? (
        <button className="button button--quiet" onClick={() => perform(actionById('exportCaptions'), context)}>
          <Captions size={14} aria-hidden /> {t('words.export')}
        </button>
      ) : null}
    </div>
  )
}

/** What the person wants to say of a moment. */
function AddWords() {
  const { commit } = useEngine()
  const [text, setText] = useState('')
  const add = (): void => {
    const words = text.trim()
    if (!words) return
    const startTicks = ticksFromSeconds(now())
    const endTicks = startTicks + ticksFromSeconds(Math.max(1.5, words.split(/\s+/).length * 0.4))
    const id = `caption-${crypto.randomUUID()}`
    const caption: Caption = { kind: 'caption', id, assetId: null, startTicks, endTicks, text: words, source: 'typed' }
    commit(t('words.addWords'), (draft) => void draft.set(id, caption))
    setText('')
  }
  return (
    <form
      className="row words__add"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <input
        className="input"
        aria-label={t('words.atPlayhead')}
        placeholder={t('words.atPlayhead')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="button" disabled={!text.trim()}>
        {t('words.add')}
      </button>
    </form>
  )
}
