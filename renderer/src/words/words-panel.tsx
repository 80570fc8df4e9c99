import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { Captions, Cpu, FileDown, Mic, Play, Scissors, Upload } from 'lucide-react'
import { streamsOf, type Document } from '../../../shared/document/document.ts'
import { inTimeOrder } from '../../../shared/document/spoken-words.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import type { Asset, Caption } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { ActionButton } from '../app/action-button.tsx'
import { actionById } from '../actions/actions.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { useImportFiles } from '../library/import-tokens.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { useRecords } from '../state/use-records.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { CaptionMaker } from './caption-maker.tsx'
import { PausesAndFillers } from './pauses-and-fillers.tsx'
import { PhraseSearch, useFound } from './phrase-search.tsx'
import { Speakers } from './speakers.tsx'
import { Transcript } from './transcript.tsx'
import { chosenRange, inOneLine, spanOfWords, useWordChoice, type WordLine } from './transcript-order.ts'
import { useWordEdits, type WordEdits } from './word-edits.ts'
import './words.css'

/** What is said in the take: read, searched, corrected, and the picture cut by it. */
export function WordsPanel() {
  // After the frame that shows an edit on the timeline.
  const document = useDeferredValue(useDocument((state) => state.document))
  const captions = useCaptions()
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
        <WordsThere captions={captions} />
      )}
    </div>
  )
}

/** The same list as long as no caption changed. */
function useCaptions(): readonly Caption[] {
  const captions = useRecords('caption')
  return useMemo(() => inTimeOrder(captions), [captions])
}

function WordsThere({ captions }: { captions: readonly Caption[] }) {
  const line = useMemo(() => inOneLine(captions), [captions])
  const found = useFound(line)
  const isFound = useMemo(() => {
    const marks = new Uint8Array(found.length > 0 ? line.words.length : 0)
    for (const { from, to } of found) marks.fill(1, from, to + 1)
    return (place: number): boolean => marks[place] === 1
  }, [found, line])
  const edits = useWordEdits(line)
  return (
    <>
      <PhraseSearch line={line} found={found} />
      <Transcript captions={captions} line={line} isFound={isFound} edits={edits} />
      <ChosenWords line={line} edits={edits} />
      <PausesAndFillers captions={captions} onCut={edits.cut} />
      <Speakers captions={captions} line={line} />
      <CaptionMaker captions={captions} />
    </>
  )
}

function ChosenWords({ line, edits }: { line: WordLine; edits: WordEdits }) {
  const context = useActionContext()
  const choice = useWordChoice()
  const range = chosenRange(line, choice)
  if (!range) return <p className="words__hint faint">{t('words.hint')}</p>
  const span = spanOfWords(line.words.slice(range[0], range[1] + 1))
  const seconds = decimalWords(secondsFromTicks(span.endTicks - span.startTicks), 2)
  return (
    <div className="words__chosen row">
      <span className="num" role="status">
        {t('words.chosen', { count: range[1] - range[0] + 1, seconds })}
      </span>
      <span className="spacer" />
      <ActionButton id="playWords" context={context}>
        <Play size={14} aria-hidden />
      </ActionButton>
      <button className="button" onClick={() => edits.cut([span])}>
        <Scissors size={14} aria-hidden /> {t('words.cut')}
      </button>
    </div>
  )
}

/** The recording whose speech is written down: the selected one, else the one that is heard. Many hear the same words. */
function heardAsset(document: Document, selectedId: string | null): Asset | null {
  const hasSound = (assetId: string): boolean =>
    streamsOf(document, assetId).some((stream) => stream.sensor === 'audio')
  const heard = tracksInOrder(document).find(
    (track) => track.sensor === 'audio' && !track.muted && track.clips.length > 0,
  )
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
        title={asset?.title}
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
      <IconButton label={t('words.import')} hint={t('words.importHint')} onClick={importFiles}>
        <Upload size={14} aria-hidden />
      </IconButton>
      {hasWords ? (
        <IconButton label={t('words.export')} onClick={() => perform(actionById('exportCaptions'), context)}>
          <FileDown size={14} aria-hidden />
        </IconButton>
      ) : null}
    </div>
  )
}

interface IconButtonProps {
  readonly label: string
  readonly hint?: string
  readonly onClick: () => void
  readonly children: ReactNode
}

function IconButton({ label, hint, onClick, children }: IconButtonProps) {
  return (
    <button className="button button--quiet button--icon" aria-label={label} title={hint ?? label} onClick={onClick}>
      {children}
    </button>
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
