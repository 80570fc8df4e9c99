import { useEffect, useMemo, useState } from 'react'
import { Scissors } from 'lucide-react'
import type { Caption } from '../../../shared/document/records.ts'
import {
  findFillers,
  findPauses,
  untimedFillers,
  mergeSpans,
  type Span,
} from '../../../shared/document/spoken-words.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { seek } from '../state/transport.ts'
import { shortClock } from '../ui/format.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { leapOver } from './word-playing.ts'

const PAUSES_SECONDS = [0.5, 0.75, 1, 2, 5] as const
/** What is left of a pause: at both ends together, so that a cut does not sound like one. */
const KEPT_SECONDS = [0.1, 0.3, 0.5, 1] as const
/** More are cut all the same; a person looks at these. */
const MOST_SHOWN = 200

interface Find extends Span {
  readonly kind: 'pause' | 'filler'
  readonly what: string
}

const keyOf = (find: Find): string => `${find.startTicks} ${find.what}`
const secondsOf = (spans: readonly Span[]): number =>
  mergeSpans(spans).reduce((sum, span) => sum + secondsFromTicks(span.endTicks - span.startTicks), 0)

/** Pauses and fillers: all that would go is listed and played before it goes, and each can be left. */
export function PausesAndFillers({
  captions,
  onCut,
}: {
  captions: readonly Caption[]
  onCut: (spans: Span[]) => void
}) {
  const [longerThan, setLongerThan] = useState<number>(1)
  const [kept, setKept] = useState<number>(0.3)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [isTrying, setTrying] = useState(false)
  const finds = useMemo((): Find[] => {
    const pauses = findPauses(captions, Math.max(longerThan, kept), kept / 2)
    const fillers = findFillers(captions)
    return [
      ...pauses.map((span): Find => ({ ...span, kind: 'pause', what: t('words.pause') })),
      ...fillers.map((word): Find => ({ ...word, kind: 'filler', what: `“${word.text}”` })),
    ].sort((a, b) => a.startTicks - b.startTicks)
  }, [captions, longerThan, kept])
  const untimed = useMemo(() => untimedFillers(captions), [captions])
  const isGoing = (find: Find): boolean => !left.has(keyOf(find))
  const going = finds.filter(isGoing)
  const leaveAll = (which: readonly Find[], isLeft: boolean): void => {
    const keys = new Set(which.map(keyOf))
    const others = [...left].filter((key) => !keys.has(key))
    setLeft(new Set(isLeft ? [...others, ...keys] : others))
  }
  const leaps = useMemo(
    () => mergeSpans(isTrying ? finds.filter((find) => !left.has(keyOf(find))) : []),
    [finds, left, isTrying],
  )
  useEffect(() => (leaps.length > 0 ? leapOver(leaps) : undefined), [leaps])
  return (
    <details className="words__section">
      <summary>
        {t('words.pauses')}
        <span className="faint num">
          {' '}
          {t('words.pausesCount', { count: finds.length, seconds: decimalWords(secondsOf(finds), 1) })}
        </span>
      </summary>
      <SecondsChoice
        label={t('words.longerThan')}
        choices={PAUSES_SECONDS}
        value={longerThan}
        onChoose={setLongerThan}
      />
      <SecondsChoice label={t('words.leave')} choices={KEPT_SECONDS} value={kept} onChoose={setKept} />
      {(['filler', 'pause'] as const).map((kind) => {
        const own = finds.filter((find) => find.kind === kind)
        if (own.length === 0) return null
        return (
          <label key={kind} className="check">
            <input
              type="checkbox"
              checked={own.every(isGoing)}
              onChange={(event) => leaveAll(own, !event.target.checked)}
            />
            <span>{t(`words.all.${kind}`, { count: own.length })}</span>
          </label>
        )
      })}
      {finds.length > 0 ? (
        <label className="check">
          <input type="checkbox" checked={isTrying} onChange={(event) => setTrying(event.target.checked)} />
          <span>{t('words.tryWithout')}</span>
        </label>
      ) : null}
      {finds.length === 0 && untimed === 0 ? <p className="muted">{t('words.noPauses')}</p> : null}
      {untimed > 0 ? <p className="muted">{t('words.untimedFillers', { count: untimed })}</p> : null}
      <ul className="words__finds">
        {finds.slice(0, MOST_SHOWN).map((find) => (
          <FindRow key={keyOf(find)} find={find} isGoing={isGoing(find)} onChange={(goes) => leaveAll([find], !goes)} />
        ))}
      </ul>
      {finds.length > MOST_SHOWN ? (
        <p className="faint">{t('app.more', { count: finds.length - MOST_SHOWN })}</p>
      ) : null}
      <button className="button" disabled={going.length === 0} onClick={() => onCut(going)}>
        <Scissors size={14} aria-hidden />{' '}
        {t('words.cutAll', { count: going.length, seconds: decimalWords(secondsOf(going), 1) })}
      </button>
    </details>
  )
}

interface FindRowProps {
  readonly find: Find
  readonly isGoing: boolean
  readonly onChange: (isGoing: boolean) => void
}

function FindRow({ find, isGoing, onChange }: FindRowProps) {
  const startSeconds = secondsFromTicks(find.startTicks)
  return (
    <li className="row">
      <label className="check">
        <input type="checkbox" checked={isGoing} onChange={(event) => onChange(event.target.checked)} />
        <span>
          {find.what}{' '}
          <span className="faint num">{decimalWords(secondsFromTicks(find.endTicks - find.startTicks), 2)} s</span>
        </span>
      </label>
      <span className="spacer" />
      <button className="words__time num faint" onClick={() => seek(startSeconds)}>
        {shortClock(startSeconds)}
      </button>
    </li>
  )
}

function SecondsChoice({
  label,
  choices,
  value,
  onChoose,
}: {
  label: string
  choices: readonly number[]
  value: number
  onChoose: (seconds: number) => void
}) {
  return (
    <label className="row">
      <span className="muted">{label}</span>
      <select className="input words__least" value={value} onChange={(event) => onChoose(Number(event.target.value))}>
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {decimalWords(seconds, String(seconds).split('.')[1]?.length ?? 0)} s
          </option>
        ))}
      </select>
    </label>
  )
}
