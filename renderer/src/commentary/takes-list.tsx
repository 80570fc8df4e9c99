import { useDeferredValue, useMemo } from 'react'
import { Volume2, VolumeX } from 'lucide-react'
import { hearTake, silenceTake, takesBySpan, type PlacedTake } from '../../../shared/document/commentary.ts'
import { timeMapId, type Document } from '../../../shared/document/document.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { notify, useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { clockTime, sigmaWords } from '../ui/format.ts'

/** Every attempt, those of one span together; one of them is heard, all are kept. */
export function TakesList() {
  // After the frame that shows an edit on the timeline.
  const document = useDeferredValue(useDocument((state) => state.document))
  const groups = useMemo(() => takesBySpan(document), [document])
  if (groups.length === 0) return <p className="muted">{t('commentary.noTakes')}</p>
  return (
    <>
      <h3>{t('commentary.takes')}</h3>
      {groups.map((group) => (
        <section key={group[0]!.take.id} className="commentary__span">
          <button className="words__time num faint" onClick={() => seek(group[0]!.startSeconds)}>
            {clockTime(group[0]!.startSeconds)} – {clockTime(Math.max(...group.map((each) => each.endSeconds)))}
          </button>
          <ul>
            {group.map((placed) => (
              <TakeRow key={placed.take.id} placed={placed} document={document} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function TakeRow({ placed, document }: { placed: PlacedTake; document: Document }) {
  const { commit } = useEngine()
  const { take, isHeard, startSeconds, endSeconds } = placed
  const stream = document.get(placed.streamId)
  const map = stream?.kind === 'stream' ? document.get(timeMapId(stream.clockId)) : undefined
  const name = t('commentary.take', { number: take.number })
  const toggle = (): void => {
    let done = true
    commit(t(isHeard ? 'commentary.silence' : 'commentary.hear'), (draft) => {
      if (isHeard) silenceTake(draft, take.id)
      else done = hearTake(draft, take.id, t('commentary.track'), () => `clip-${crypto.randomUUID()}`)
    })
    if (!done) notify({ kind: 'info', title: t('commentary.locked') })
  }
  return (
    <li className="commentary__take row" data-heard={isHeard || undefined}>
      <button
        className="button button--quiet button--icon"
        aria-pressed={isHeard}
        aria-label={t(isHeard ? 'commentary.silenceTake' : 'commentary.hearTake', { name })}
        title={t(isHeard ? 'commentary.silence' : 'commentary.hear')}
        onClick={toggle}
      >
        {isHeard ? <Volume2 size={14} aria-hidden /> : <VolumeX size={14} aria-hidden />}
      </button>
      <button
        className="commentary__name"
        onClick={() => {
          useSession.setState({ selectedAssetId: take.assetId })
          seek(startSeconds)
        }}
      >
        <strong>{name}</strong>
        <span className="faint num">
          {' '}
          {decimalWords(endSeconds - startSeconds, 1)} s
          {map?.kind === 'timeMap' ? ` ± ${sigmaWords(map.sigmaOffsetSeconds)}` : ''}
        </span>
        {take.interrupted ? <span className="badge badge--warn">{t('commentary.interrupted')}</span> : null}
      </button>
    </li>
  )
}
