import { useState } from 'react'
import { RotateCcw, Trash2, TriangleAlert } from 'lucide-react'
import { recordsOf } from '../../../shared/document/document.ts'
import type { Cut } from '../../../shared/document/records.ts'
import { extentOfTracks } from '../../../shared/document/timeline.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { durationWords, signed } from '../ui/format.ts'
import { decimalWords, dateWords, t } from '../i18n/text.ts'
import type { Judged } from './cut-difference.ts'
import { bestFirst, differenceOf, judgeOf } from './cut-difference.ts'
import { packWords } from './pack-words.ts'
import { signalName } from './signal-names.ts'
import { StarLine } from './star-scale.tsx'
import { answerOfCut, useEditKey, useStarsReport } from './stars-report.ts'
import './cuts.css'

/** By what it was judged, as a person reads it; stars by different judges are not of one scale. */
function judgeWords({ pack, wanted }: StarsAnswer): string {
  return [packWords(pack).title, ...(wanted ? [t('stars.cutWanted', { list: wanted.title })] : [])].join(' · ')
}

/** Every edit that was judged, the best first, and why two of them differ. */
export function CutsTab() {
  const document = useDocument((state) => state.document)
  const editKey = useEditKey()
  const report = useStarsReport()
  const judge = report ? judgeOf(report.answer) : null
  const [chosen, setChosen] = useState<readonly string[]>([])
  const judged = recordsOf(document, 'cut').flatMap((cut): Judged[] => {
    const answer = answerOfCut(cut)
    return answer ? [{ cut, answer }] : []
  })
  const cuts = bestFirst(judged, judge)
  const toggle = (id: string): void =>
    setChosen((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]))
  const compared = chosen.flatMap((id) => cuts.filter(({ cut }) => cut.id === id))
  const [first, second] = compared.length === 2 ? compared : cuts
  return (
    <>
      <p className="muted">{t('stars.cutsWhat')}</p>
      <ul className="cuts">
        {cuts.map((judged) => (
          <CutRow
            key={judged.cut.id}
            judged={judged}
            isCurrent={judged.cut.editKey === editKey}
            chosen={chosen.includes(judged.cut.id)}
            onToggle={() => toggle(judged.cut.id)}
          />
        ))}
      </ul>
      {first && second ? <Difference first={first} second={second} /> : null}
    </>
  )
}

/** How many clips it has and how long it is. */
function holds({ tracks }: Cut, edit: NonNullable<StarsAnswer['edit']>): string {
  const [start, end] = tracks ? extentOfTracks(tracks) : [0, 0]
  // Answers of before 2026-11-28 hold the clips of all tracks added up.
  const seconds = tracks ? secondsFromTicks(end - start) : edit.seconds
  return t('stars.cutHolds', { clips: edit.clips, duration: durationWords(seconds) })
}

/** What somebody called it, or its number. */
const cutName = ({ number, title }: Cut): string => (number === undefined ? title : t('stars.cutNumber', { number }))

interface CutRowProps {
  readonly judged: Judged
  readonly isCurrent: boolean
  readonly chosen: boolean
  readonly onToggle: () => void
}

function CutRow({ judged: { cut, answer }, isCurrent, chosen, onToggle }: CutRowProps) {
  const { commit } = useEngine()
  const name = cutName(cut)
  const rename = (title: string): void => {
    if (!title.trim() || title.trim() === name) return
    commit(t('stars.renameCut'), (draft) => {
      // The name is the edit's, by whatever it was judged.
      for (const { id } of recordsOf(draft, 'cut').filter((each) => each.editKey === cut.editKey)) {
        const record = draft.get(id)
        if (record?.kind !== 'cut') continue
        record.title = title.trim()
        delete record.number
      }
    })
  }
  const { tracks } = cut
  const bringBack = (kept: NonNullable<Cut['tracks']>): void =>
    commit(t('stars.bringBack'), (draft) => {
      for (const track of recordsOf(draft, 'track')) draft.delete(track.id)
      for (const track of kept) {
        // What was removed from the project since cannot come back with the cut.
        const clips = track.clips.filter((clip) => draft.get(clip.assetId)?.kind === 'asset')
        draft.set(track.id, { ...structuredClone(track), clips: structuredClone(clips) })
      }
    })
  return (
    <li className={`card cut ${isCurrent ? 'cut--current' : ''}`}>
      <input type="checkbox" checked={chosen} aria-label={t('stars.compareCut', { title: name })} onChange={onToggle} />
      <span className="cut__number num">{decimalWords(answer.stars, 1)}</span>
      <span className="cut__text">
        <span className="row">
          <input
            key={name}
            className="cut__title"
            defaultValue={name}
            maxLength={120}
            aria-label={t('stars.cutName')}
            onBlur={(event) => rename(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
            }}
          />
          {isCurrent ? <span className="badge badge--good">{t('stars.thisEdit')}</span> : null}
        </span>
        <StarLine stars={answer.stars} low={answer.low} high={answer.high} />
        <span className="faint num">
          {[
            ...(answer.edit ? [holds(cut, answer.edit)] : []),
            judgeWords(answer),
            dateWords(new Date(cut.createdAt)),
          ].join(' · ')}
        </span>
      </span>
      <span className="cut__ways">
        {tracks && !isCurrent ? (
          <button
            className="button button--quiet button--icon"
            title={t('stars.bringBack')}
            aria-label={t('stars.bringBackCut', { title: name })}
            onClick={() => bringBack(tracks)}
          >
            <RotateCcw size={14} aria-hidden />
          </button>
        ) : null}
        <button
          className="button button--quiet button--icon"
          title={t('stars.forgetCut', { title: name })}
          aria-label={t('stars.forgetCut', { title: name })}
          onClick={() => commit(t('stars.forgetCut', { title: name }), (draft) => void draft.delete(cut.id))}
        >
          <Trash2 size={14} aria-hidden />
        </button>
      </span>
    </li>
  )
}

/** Which reasons make one edit better than the other; the differences add up to that of the stars. */
function Difference({ first, second }: { first: Judged; second: Judged }) {
  const { more, less, sameJudge, overlap, rows } = differenceOf(first, second)
  return (
    <section className="stack" aria-label={t('stars.differ')}>
      <h3>{t('stars.differ')}</h3>
      <table className="table">
        <thead>
          <tr>
            <th />
            <Head judged={more} judge={!sameJudge} />
            <Head judged={less} judge={!sameJudge} />
            <th className="num">{t('stars.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{signalName(row.id)}</td>
              <td className="num">{decimalWords(row.more, 2)}</td>
              <td className="num">{decimalWords(row.less, 2)}</td>
              <td className="num">{signed(row.more - row.less, 2)}</td>
            </tr>
          ))}
          <tr className="table__sum">
            <td>{t('stars.together')}</td>
            <td className="num">{decimalWords(more.answer.stars, 2)}</td>
            <td className="num">{decimalWords(less.answer.stars, 2)}</td>
            <td className="num">{signed(more.answer.stars - less.answer.stars, 2)}</td>
          </tr>
        </tbody>
      </table>
      {sameJudge ? null : (
        <p className="stars-note">
          <TriangleAlert size={14} aria-hidden /> {t('stars.otherJudge')}
        </p>
      )}
      {sameJudge && overlap ? <p className="faint">{t('stars.overlap')}</p> : null}
    </section>
  )
}

/** Which cut a column is of; and by what it was judged, where the other was judged otherwise. */
function Head({ judged: { cut, answer }, judge }: { judged: Judged; judge: boolean }) {
  return (
    <th className="num">
      {cutName(cut)}
      {judge ? <span className="cut__judge faint">{judgeWords(answer)}</span> : null}
    </th>
  )
}
